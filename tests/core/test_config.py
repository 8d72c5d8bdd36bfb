"""A config through every door: tables, TOML, pickle, and what must not come through."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from support.strategies import configs

from ganstudio.catalog.resolve import load, resolve
from ganstudio.core.config import MAX_CONFIG_BYTES, RunConfig, assign, dump_toml, load_toml, parse_value
from ganstudio.core.schema import ConfigError, to_table, walk

MINIMAL = {"variant": "dcgan", "data": {"source": "digits"}}
relaxed = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


@relaxed
@given(configs())
def test_a_config_survives_table_toml_and_pickle(config: RunConfig):
    assert resolve(to_table(config), whole=True) == config
    assert resolve(tomllib.loads(dump_toml(config)), whole=True) == config
    copy = pickle.loads(pickle.dumps(config))
    assert copy == config
    assert dump_toml(copy) == dump_toml(config)


@relaxed
@given(configs())
def test_every_value_lies_in_its_declared_range(config: RunConfig):
    for key, setting, value in walk(config):
        assert not setting.option.choices or value in setting.option.choices, key
        for number in value if isinstance(value, tuple) else (value,):
            if isinstance(number, float):
                assert number == number, key


def test_a_config_is_frozen():
    with pytest.raises(AttributeError):
        resolve(MINIMAL).steps = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        resolve(MINIMAL).stabilizers["r1"] = 1  # type: ignore[index]


def test_a_run_file_is_read_without_its_table_run(tmp_path):
    config = resolve(MINIMAL | {"name": 'quotes " and \\ and \n'})
    (tmp_path / "run.toml").write_text(dump_toml(config, {"run": {"device": "CPU"}}), encoding="utf-8")
    assert load(tmp_path / "run.toml") == config
    assert load_toml(tmp_path / "run.toml")["run"] == {"device": "CPU"}


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + dump_toml(resolve(MINIMAL)).replace("\n", "\r\n").encode())
    assert load(path) == resolve(MINIMAL)


GOOD = b'variant = "dcgan"\n'
DATA = b'[data]\nsource = "digits"\n'
MALFORMED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "variant: is needed: one of gan, cgan, dcgan"),
    "no data": (GOOD, "data.source: is needed: one of digits"),
    "not toml": (b"variant dcgan", "is not valid TOML"),
    "unclosed": (b'variant = "dcgan', "is not valid TOML"),
    "key twice": (GOOD + GOOD + DATA, "is not valid TOML"),
    "not utf-8": (b'variant = "\xff\xfe"', "is not a text file in UTF-8"),
    "utf-16": (GOOD.decode().encode("utf-16"), "is not a text file in UTF-8"),
    "a png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is not a text file in UTF-8"),
    "null bytes": (bytes(50), "is not valid TOML"),
    "null in a text": (GOOD + b'name = "a\\u0000b"\n' + DATA, "name: a text cannot hold a null character"),
    "too large": (b"#" * (MAX_CONFIG_BYTES + 1), "is too large for a config"),
    "deep arrays": (b"seed = " + b"[" * 50_000 + b"]" * 50_000, "is not valid TOML"),
    "deep tables": (GOOD + DATA + b"[seed." + b".".join([b"a"] * 5000) + b"]\nx = 1", "seed: "),
    "huge integer": (GOOD + b"seed = 1" + b"0" * 400 + b"\n" + DATA, "seed: "),
    "integer beyond reading": (b"seed = " + b"1" * 5000, "is not valid TOML"),
    "huge float": (GOOD + b"[ema]\nhalf_life = 1e999\n" + DATA, "ema.half_life: inf is not at least 0"),
    "nan": (
        GOOD + DATA + b"[optimizer.generator]\nlr = nan",
        "optimizer.generator.lr: nan is not at least 0 and at",
    ),
    "negative rate": (
        GOOD + DATA + b"[optimizer.generator]\nlr = -1e-4",
        "optimizer.generator.lr: -1e-4 is not at least 0 and at most 10",
    ),
    "a date": (
        GOOD + b"steps = 1979-05-27\n" + DATA,
        "steps: datetime.date(1979, 5, 27) is not a whole number",
    ),
    "zero steps": (GOOD + b"steps = 0\n" + DATA, "steps: 0 is not at least 1 and at most 1000000000"),
    "half a step": (GOOD + b"steps = 2.5\n" + DATA, "steps: 2.5 is not a whole number"),
    "text for a number": (GOOD + b'batch_size = "64"\n' + DATA, "batch_size: '64' is not a whole number"),
    "number for a text": (GOOD + b"name = 7\n" + DATA, "name: 7 is not a text"),
    "bool for a number": (GOOD + b"seed = true\n" + DATA, "seed: True is not a whole number"),
    "number for a bool": (
        GOOD + DATA + b"[compute]\ndeterministic = 1",
        "compute.deterministic: 1 is not true or",
    ),
    "value for a table": (GOOD + b"data = 3", "data.source: is needed: one of digits"),
    "value for a nested table": (GOOD + b"ema = 3\n" + DATA, "ema: 3 is not a table of settings"),
    "table for a value": (GOOD + DATA + b"[seed]\nx = 1", "seed: {'x': 1} is not a whole number"),
    "array of tables": (GOOD + b'[[data]]\nsource = "digits"', "data.source: is needed"),
    "unknown variant": (
        b'variant = "dcgam"\n' + DATA,
        "variant: 'dcgam' is not known; did you mean 'dcgan'?",
    ),
    "variant of a wrong type": (
        b"variant = [1]\n" + DATA,
        "variant: [1] is not known: one of gan, cgan, dcgan",
    ),
    "unknown data": (
        GOOD + b'[data]\nsource = "digit"',
        "data.source: 'digit' is not known; did you mean 'digits'?",
    ),
    "unknown key": (GOOD + b"stesp = 3\n" + DATA, "stesp: no such setting; did you mean 'steps'?"),
    "unknown deep key": (
        GOOD + DATA + b"[generator]\nbase_chanels = 3",
        "generator.base_chanels: no such setting of dcgan; did you mean 'base_channels'?",
    ),
    "wrong size": (
        GOOD + DATA + b"resolution = 17",
        "data.resolution: 17 is not one of 8, 16, 32; the nearest is 16",
    ),
    "unknown network": (
        GOOD + DATA + b'[generator]\nnetwork = "dcgam"',
        "generator.network: 'dcgam' is not known; did you mean 'dcgan'?",
    ),
    "unknown stabilizer": (
        GOOD + DATA + b"[stabilizers.label-smooting]",
        "stabilizers.label-smooting: 'label-smooting' is not known; did you mean 'label-smoothing'?",
    ),
    "stabilizer as a number": (GOOD + DATA + b"[stabilizers]\nr1 = 3", "stabilizers.r1: 3 is not a table of"),
    "stabilizers as a list": (
        GOOD + b'stabilizers = ["r1"]\n' + DATA,
        "stabilizers: ['r1'] is not a table of",
    ),
    "unknown optimizer": (
        GOOD + DATA + b'[optimizer.generator]\nkind = "adan"',
        "optimizer.generator.kind: 'adan'",
    ),
    "one beta": (
        GOOD + DATA + b"[optimizer.generator]\nbetas = [0.5]",
        "optimizer.generator.betas: [0.5] is not a list of 2 values",
    ),
    "beta of one": (
        GOOD + DATA + b"[optimizer.generator]\nbetas = [0.5, 1]",
        "optimizer.generator.betas: 1 is not at least 0 and less than 1",
    ),
    "folder without a path": (
        GOOD + b'[data]\nsource = "folder"',
        "data.path: is needed: The folder that holds",
    ),
    "points for a convolution": (
        GOOD + b'[data]\nsource = "ring"',
        "data.source: dcgan learns pictures; 'ring' is",
    ),
    "loss of another": (
        GOOD + DATA + b'[objective]\nloss = "hinge"',
        "objective.loss: dcgan is trained with one of",
    ),
    "unknown loss": (GOOD + DATA + b'[objective]\nloss = "hinges"', "objective.loss: 'hinges' is not known"),
    "half precision on a CPU": (
        GOOD + DATA + b'[compute]\ndevice = "cpu"\nprecision = "bf16"',
        "compute.precision: bf16 needs a CUDA device",
    ),
    "a network that does not fit": (
        GOOD + b'[data]\nsource = "folder"\npath = "x"\nresolution = 64\nwidth = 70',
        "data.resolution: 70 x 64 px: both sides must be multiples of 16 px",
    ),
    "strange key": (GOOD + DATA + b'"a\\nb\\u0000" = 1', "data.'a\\nb\\x00': no such setting of digits"),
}


@pytest.mark.parametrize(("content", "message"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_file_is_one_line_that_names_file_and_key(tmp_path, content, message):
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(path)
    text = str(caught.value)
    assert text.startswith("my.toml: " + message)
    assert len(text.splitlines()) == 1
    assert len(text) < 400


def test_what_is_no_file_is_refused_with_its_path(tmp_path):
    for path, problem in ((tmp_path, "cannot be read"), (tmp_path / "none.toml", "no such file")):
        with pytest.raises(ConfigError, match=problem) as caught:
            load_toml(path)
        assert str(caught.value).startswith(str(path))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs an endless file")
def test_an_endless_file_is_not_read_to_its_end():
    with pytest.raises(ConfigError, match="too large"):
        load_toml(Path("/dev/zero"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3), ("2e-4", 2e-4), ("true", True), ("[0.5, 0.9]", [0.5, 0.9]), ("'x'", "x"), ("digits", "digits"),
        ("/a b/c", "/a b/c"), ("", ""), ("1" * 5000, "1" * 5000), ("[" * 9999, "[" * 9999), ("C:\\x", "C:\\x"),
    ],
)  # fmt: skip
def test_set_takes_toml_or_plain_text(text, value):
    assert parse_value(text) == value


def test_set_writes_into_a_table():
    table: dict[str, object] = {"steps": 3}
    assign(table, "optimizer.generator.lr = 1e-3")
    assign(table, "name=a=b")
    assert table == {"steps": 3, "optimizer": {"generator": {"lr": 1e-3}}, "name": "a=b"}
    for wrong in ("steps", "=3", "a..b=3", "steps.x=3"):
        with pytest.raises(ConfigError):
            assign(table, wrong)
