#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes optimizers.json: how PyTorch's optimisers move a small network in 20 steps of full batch.

    python3 tests/golden/optimizers.py    (Debian: python3-torch; written with PyTorch 1.13)

Network 3-4-2, tanh and identity, in double. The cost is the mean over the rows of the mean squared
error over the outputs; l2 is the penalty ½·l2·Σw² over the weights, l1 the penalty l1·Σ|w|.
"""
import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(1)


def normal(*shape):
    return torch.randn(*shape, generator=generator)


INPUTS, TARGETS = normal(5, 3), normal(5, 2)
START = [normal(4, 3), normal(4), normal(2, 4), normal(2)]  # weight, bias, weight, bias

CASES = {
    "sgd": (lambda p: torch.optim.SGD(p, lr=0.1), {}),
    "sgd with penalties": (lambda p: torch.optim.SGD(p, lr=0.1), {"l1": 0.02, "l2": 0.05}),
    "momentum": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), {"l2": 0.01}),
    "nesterov": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True), {"l2": 0.01}),
    "adagrad": (lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-8), {"l2": 0.01}),
    "rmsprop": (lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.99, eps=1e-8), {"l1": 0.01}),
    "adam": (lambda p: torch.optim.Adam(p, lr=0.05, eps=1e-8), {"l2": 0.01}),
    # decays the weights only, so that the biases are a group of their own
    "adamw": (
        lambda p: torch.optim.AdamW(
            [{"params": p[0::2], "weight_decay": 0.1}, {"params": p[1::2], "weight_decay": 0}],
            lr=0.05, eps=1e-8),
        {}),
    "sgd with clipping": (lambda p: torch.optim.SGD(p, lr=0.1), {"clip_norm": 0.3}),
}


def train(make, l1=0.0, l2=0.0, clip_norm=0.0):
    parameters = [p.clone().requires_grad_() for p in START]
    w1, b1, w2, b2 = parameters
    optimizer = make(parameters)
    costs = []
    for _ in range(20):
        optimizer.zero_grad()
        outputs = torch.tanh(INPUTS @ w1.T + b1) @ w2.T + b2
        cost = ((outputs - TARGETS) ** 2).mean(dim=1).mean()
        costs.append(cost.item())
        cost.backward()
        with torch.no_grad():
            if clip_norm:
                norm = torch.sqrt(sum((p.grad ** 2).sum() for p in parameters))
                for p in parameters:
                    p.grad *= min(1.0, clip_norm / norm.item())
            for w in (w1, w2):
                w.grad += l1 * torch.sign(w) + l2 * w
        optimizer.step()
    return {"costs": costs, "parameters": [p.tolist() for p in parameters]}


golden = {
    "inputs": INPUTS.tolist(),
    "targets": TARGETS.tolist(),
    "start": [p.tolist() for p in START],
    "cases": {name: train(make, **penalty) for name, (make, penalty) in CASES.items()},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
