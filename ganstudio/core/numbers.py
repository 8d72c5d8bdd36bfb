"""Figures as people read them: thousands apart, three significant digits, units, durations, sizes."""

from __future__ import annotations

import math

THIN_SPACE = "\u2009"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "−"


def whole(value: float) -> str:
    """A whole number with commas between thousands: ``1,440``."""
    return f"{round(value):,}".replace("-", MINUS)


def significant(value: float, digits: int = 3) -> str:
    """A number with ``digits`` significant digits: ``0.812``, ``12.3``, ``1,180``, ``2.1e−5``; ``–`` for NaN."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else MINUS + "∞"
    if value == 0:
        return "0"
    exponent = int(f"{value:.{digits - 1}e}".split("e")[1])
    if exponent >= 6 or exponent < -3:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        return f"{_trim(mantissa)}e{int(power)}".replace("-", MINUS)
    return f"{value:,.{max(digits - 1 - exponent, 0)}f}".replace("-", MINUS)


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(value: float) -> str:
    """A number as briefly as three digits allow, for axes and settings: ``0.5``, ``2e−4``, ``20k``, ``1.5M``."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size and math.isfinite(value) and abs(value) < 1e15:
            unit = 1e3 if letter == "k" else size
            return _trim(f"{value / unit:.6g}").replace("-", MINUS) + letter
    if not math.isfinite(value) or value == 0:
        return significant(value)
    if abs(value) < 1e-2 or abs(value) >= 1e15:
        mantissa, power = f"{value:.2e}".split("e")
        return f"{_trim(mantissa)}e{int(power)}".replace("-", MINUS)
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}").replace("-", MINUS)


def with_unit(value: float, unit: str, digits: int = 3) -> str:
    """A figure and its unit, never broken between lines: ``1,180 img/s``."""
    figure = significant(value, digits)
    return f"{figure}\u00a0{unit}" if unit else figure


def percent(share: float) -> str:
    """A share of 0 to 1 in per cent: ``68 %``."""
    return "–" if not math.isfinite(share) else f"{share * 100:.0f}\u00a0%"


UNITS_OF_SIZE = ("bytes", "KB", "MB", "GB", "TB", "PB")


def size(count: float) -> str:
    """A number of bytes, powers of 1,024: ``312 bytes``, ``1.1 GB``."""
    if not math.isfinite(count):
        return "–"
    scaled, unit = float(count), 0
    while abs(scaled) >= 1023.5 and unit < len(UNITS_OF_SIZE) - 1:
        scaled, unit = scaled / 1024, unit + 1
    figure = f"{scaled:.0f}" if unit == 0 or abs(scaled) >= 99.95 else f"{scaled:.1f}"
    return f"{figure}\u00a0{UNITS_OF_SIZE[unit]}"


def size_of(used: float, total: float) -> str:
    """Two sizes in the unit of the second: ``1.1 of 24 GB``."""
    figure, unit = size(total).split("\u00a0")
    scale = 1024.0 ** UNITS_OF_SIZE.index(unit)
    return f"{used / scale:.1f} of {figure.removesuffix('.0')}\u00a0{unit}"


def duration(seconds: float) -> str:
    """A span of time in its two largest units: ``4.2 s``, ``1 min 24 s``, ``2 h 05 min``, ``3 d 4 h``."""
    if not math.isfinite(seconds):
        return "–"
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f}\u00a0s"
    total = round(seconds)
    if total < 60:
        return f"{total}\u00a0s"
    if total < 3600:
        return f"{total // 60}\u00a0min {total % 60:02d}\u00a0s"
    if total < 86400:
        return f"{total // 3600}\u00a0h {total % 3600 // 60:02d}\u00a0min"
    return f"{total // 86400}\u00a0d {total % 86400 // 3600}\u00a0h"


def time_left(seconds: float) -> str:
    """What remains, in words: ``1 min 24 s left``, ``a moment left``."""
    if not math.isfinite(seconds):
        return "time left unknown"
    return "a moment left" if seconds < 1 else f"{duration(round(seconds)).replace('.0', '')} left"


def step(number: int) -> str:
    """A generator update by its number: ``step 1,440``."""
    return f"step\u00a0{whole(number)}"


def rate_change(old: object, new: object) -> str:
    """A change from one setting to another: ``1e−4 → 2e−4``."""
    return f"{_setting(old)} → {_setting(new)}"


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return short(float(value)) if isinstance(value, int | float) else str(value)
