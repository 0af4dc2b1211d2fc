#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tables.json: the inputs that scikit-learn makes of a table with missing cells and categories.

    python3 tests/golden/tables.py    (Debian: python3-sklearn; written with scikit-learn 1.2)

Numbers go through SimpleImputer, with its indicators, and StandardScaler; categories through
OneHotEncoder, a missing one being a category. `fitted` has the inputs of the rows learnt from, `new`
those of other rows. The table has numbers in columns 0, 2 and 3, categories in 1, a class in 4.
"""
import json
import pathlib

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

random = np.random.default_rng(1)
NUMBERS, CATEGORY, ROWS, NEW = [0, 2, 3], 1, 31, 7
table = np.empty((ROWS + NEW, 4), dtype=object)
table[:, 0] = random.normal(1e4, 3, ROWS + NEW).round(3)
table[:, 1] = random.choice(["red", "Red", "dark blue", "é"], ROWS + NEW)
table[:, 2] = random.integers(0, 6, ROWS + NEW).astype(float)
table[:, 3] = random.exponential(1e-3, ROWS + NEW)
for column, share in ((0, 0.2), (1, 0.2), (2, 0.3)):
    table[random.random(ROWS + NEW) < share, column] = np.nan
table[ROWS, 3] = np.nan  # missing in none of the rows learnt from


def text(rows):
    cells = [["" if value != value else str(value) for value in row] for row in rows]
    return "n,color,count,small,y\n" + "".join(
        ",".join(row) + f",{i % 2}\n" for i, row in enumerate(cells))


def inputs(strategy):
    imputer = SimpleImputer(strategy=strategy, add_indicator=True)
    scaler, encoder = StandardScaler(), OneHotEncoder(sparse_output=False)
    result = []
    for rows, name in ((table[:ROWS], "fit_transform"), (table[ROWS:], "transform")):
        filled = getattr(imputer, name)(rows[:, NUMBERS].astype(float))
        numbers = getattr(scaler, name)(filled[:, :3])
        categories = getattr(encoder, name)(rows[:, [CATEGORY]])
        result.append(np.hstack((numbers[:, :1], categories, numbers[:, 1:], filled[:, 3:])))
    return {"fitted": result[0].tolist(), "new": result[1].tolist()}


golden = {"train": text(table[:ROWS]), "new": text(table[ROWS:]),
          "inputs": {name: inputs(name.replace("-", "_"))
                     for name in ("mean", "median", "most-frequent")}}
target = pathlib.Path(__file__).with_name("tables.json")
target.write_text(json.dumps(golden, indent=1) + "\n")
