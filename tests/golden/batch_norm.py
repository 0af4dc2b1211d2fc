#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes batch_norm.json: how PyTorch trains a small network with batch normalisation.

    python3 tests/golden/batch_norm.py    (Debian: python3-torch; written with PyTorch 1.13)

Network 3-4-3-2, tanh and gelu, softmax with cross-entropy, in double; 20 steps of momentum on
mini-batches of 6 rows in turn. `probabilities` are those of all rows in evaluation mode at the end.
"""
import json
import pathlib

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)

INPUTS, LABELS = torch.randn(18, 3), torch.randint(2, (18,))
network = nn.Sequential(
    nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(),
    nn.Linear(4, 3), nn.BatchNorm1d(3), nn.GELU(),
    nn.Linear(3, 2))
for parameter in network.parameters():
    nn.init.normal_(parameter)


def state():
    linear = [network[i] for i in (0, 3, 6)]
    norms = [network[i] for i in (1, 4)]
    return {
        "weights": [l.weight.tolist() for l in linear],
        "biases": [l.bias.tolist() for l in linear],
        "norms": [{key: getattr(n, key).tolist()
                   for key in ("weight", "bias", "running_mean", "running_var")} for n in norms],
    }


golden = {"inputs": INPUTS.tolist(), "labels": LABELS.tolist(), "start": state(), "costs": []}
optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
for step in range(20):
    rows = slice(step % 3 * 6, step % 3 * 6 + 6)
    optimizer.zero_grad()
    cost = nn.functional.cross_entropy(network(INPUTS[rows]), LABELS[rows])
    golden["costs"].append(cost.item())
    cost.backward()
    optimizer.step()
golden["end"] = state()
network.eval()
golden["probabilities"] = torch.softmax(network(INPUTS), dim=1).tolist()
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
