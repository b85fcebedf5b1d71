"""Computes a report's headline again from the sums in its file: python3 recompute.py report.csv"""

import csv
import math
import sys
from fractions import Fraction
from pathlib import Path


def t975(df, low=0.0, high=1e4):  # Student's t by bisection; Abramowitz & Stegun 26.7.3 and 26.7.4
    while high - low > 1e-12 * high:
        t = (low + high) / 2
        angle, total, term = math.atan2(t, math.sqrt(df)), 0.0, 1.0
        for k in range(2 + df % 2, df + 1, 2):
            total, term = total + term, term * math.cos(angle) ** 2 * (k - 1) / k
        odd = 2 / math.pi * (angle + math.sin(2 * angle) / 2 * total)
        low, high = (low, t) if (odd if df % 2 else math.sin(angle) * total) > 0.95 else (t, high)
    return low


def weigh(means, variances, tau2):  # the pooled mean, the sum of weights, the squares about it
    weights = [1 / (each + tau2) for each in variances]
    mean = sum(w * m for w, m in zip(weights, means, strict=True)) / sum(weights)
    return mean, sum(weights), sum(w * (m - mean) ** 2 for w, m in zip(weights, means, strict=True))


def pool(means, variances, low=0.0, high=1e6):  # Paule-Mandel, modified Knapp-Hartung
    df = len(means) - 1
    while high - low > 1e-12 and weigh(means, variances, 0.0)[2] > df:
        middle = (low + high) / 2
        low, high = (middle, high) if weigh(means, variances, middle)[2] > df else (low, middle)
    mean, weight, squares = weigh(means, variances, low)
    return mean, t975(df) * math.sqrt(max(1.0, squares / df) / weight)


def printed(value, places):  # rounded half away from zero
    whole = int(abs(Fraction(round(value, 9))) * 10**places + Fraction(1, 2))
    return f"{math.copysign(whole, value) / 10**places + 0.0:.{places}f}"


told, rows = {}, {}
with Path(sys.argv[1]).open(encoding="utf-8-sig", newline="") as file:
    for fact in csv.DictReader(file):
        if fact["table"] == "sums":
            rows.setdefault(fact["row"], {})[fact["measure"]] = int(fact["value"])
        elif fact["table"] == "numbers":
            told[fact["measure"]] = [fact["value"], fact["low"], fact["high"]]
n = sum(row["paired"] for row in rows.values())
estimates = []  # mean gain and its variance, in percentage points, of workshops told one by one
for key, row in rows.items():
    pairs, scale = row["paired"], Fraction(100, row["max_units"])
    gain = row["sum_post"] - row["sum_pre"]
    squares = row["sum_post_squared"] - 2 * row["sum_products"] + row["sum_pre_squared"]
    variance = scale**2 * (squares - Fraction(gain**2, pairs)) / pairs / (pairs - 1)
    if key and variance:
        estimates.append((float(scale * gain / pairs), float(variance)))
pre, post = (
    sum(row[name] for row in rows.values()) * scale / n for name in ("sum_pre", "sum_post")
)
found = {"paired": [n], "pre_percent": [pre], "post_percent": [post], "gain_pp": [post - pre]}
if len(estimates) > 2:
    mean, half = pool(*zip(*estimates, strict=True))
    found["pooled_gain_pp"] = [mean, mean - half, mean + half]
wrong = 0
for name, numbers in found.items():
    digits = [printed(each, int(n >= 200 and name != "paired")) for each in numbers]
    wrong += digits != told[name][: len(digits)]
    print(name, *digits, "agrees" if digits == told[name][: len(digits)] else f"not {told[name]}")
sys.exit(wrong)
