"""Lines of JSON: quick, and past whatever is no record."""

from __future__ import annotations

import json
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.records import CHUNK, number_column, parse, read_records


def slowly(lines):
    """What parsing means: line by line."""
    found = []
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            found.append(record)
    return found


LINES = st.lists(
    st.one_of(
        st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=3) | st.none(), max_size=3).map(
            lambda table: json.dumps(table).encode() + b"\n"
        ),
        st.binary(max_size=12).map(lambda junk: junk.replace(b"\n", b"") + b"\n"),
        st.sampled_from(
            [b"\n", b"[1]\n", b"7\n", b'{"step":3\n', b'"b":2}\n', b'{"a":1},{"b":2}\n', b"[" * 9 + b"\n"]
        ),
    ),
    max_size=12,
)


@given(LINES)
def test_parsing_in_chunks_is_parsing_line_by_line(lines):
    assert list(parse(lines)) == slowly(lines)


def test_a_torn_line_costs_only_itself():
    lines = [json.dumps({"step": i}).encode() + b"\n" for i in range(3 * CHUNK)]
    lines[CHUNK + 5] = b'{"step":\n'
    found = [record["step"] for record in parse(lines)]
    assert found == [i for i in range(3 * CHUNK) if i != CHUNK + 5]


def test_reading_may_begin_where_it_ended(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"a":1}\n{"a":2}\n')
    end = path.stat().st_size
    with path.open("ab") as file:
        file.write(b'{"a":3}\n')
    assert [r["a"] for r in read_records(path)] == [1, 2, 3]
    assert [r["a"] for r in read_records(path, end)] == [3]
    assert list(read_records(tmp_path / "none")) == []


def test_a_column_holds_numbers_alone():
    values = [1, 2.5, True, "3", None, [4], 10**400, math.inf]
    found = number_column([{"x": value} for value in values] + [{}], "x")
    np.testing.assert_array_equal(
        found, [1, 2.5, 1, math.nan, math.nan, math.nan, math.inf, math.inf, math.nan]
    )
    np.testing.assert_array_equal(number_column([{"x": 10**400}, {"x": 2}], "x"), [math.inf, 2])
