#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""A workload with PyTorch: nn.Sequential, autograd and torch.optim, batches by index_select.

With --precision bfloat16 under autocast."""
import peer

options, workload = peer.arguments(__doc__)

import torch
from torch import nn

torch.manual_seed(1)
torch.set_num_threads(options.threads)
torch.set_flush_denormal(True)

widths, batch = workload["widths"], workload["batch"]
rows, label_rows = peer.load(options, workload)
x, labels = torch.from_numpy(rows), torch.from_numpy(label_rows)
softmax = workload["output"] == "softmax"
quadratic = workload["cost"] == "quadratic"
# Cross-entropy takes class indices or logits, the quadratic cost the outputs themselves.
targets = labels if softmax else nn.functional.one_hot(labels, widths[-1]).float()

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
layers = []
for n, m in zip(widths, widths[1:]):
    linear = nn.Linear(n, m)
    spread = {"gaussian": 1.0, "lecun": n**-0.5, "he": (2 / n) ** 0.5}[workload["init"]]
    nn.init.normal_(linear.weight, std=spread)
    nn.init.zeros_(linear.bias)
    layers.append(linear)
    if linear.out_features == widths[-1]:
        break
    if workload.get("batch_norm"):
        layers.append(nn.BatchNorm1d(m))
    layers.append(ACTIVATIONS[workload["activation"]]())
    if workload.get("dropout"):
        layers.append(nn.Dropout(workload["dropout"]))
if quadratic:
    layers.append(nn.Sigmoid())
model = nn.Sequential(*layers)

if softmax:
    cost = nn.CrossEntropyLoss()
elif quadratic:
    squares = nn.MSELoss(reduction="sum")
    cost = lambda a, y: 0.5 / len(a) * squares(a, y)
else:
    entropy = nn.BCEWithLogitsLoss(reduction="sum")
    cost = lambda z, y: 1 / len(z) * entropy(z, y)
make_optimizer = torch.optim.Adam if workload.get("optimizer") == "adam" else torch.optim.SGD
optimizer = make_optimizer(model.parameters(), lr=workload["learning_rate"])


def cost_of(inputs, wanted):
    with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bfloat16"):
        return cost(model(inputs), wanted)


def train_epoch():
    for index in torch.randperm(len(x)).split(batch):
        optimizer.zero_grad(set_to_none=True)
        cost_of(x.index_select(0, index), targets.index_select(0, index)).backward()
        optimizer.step()
    return len(x)


def final_cost():
    with torch.no_grad():
        return cost_of(x[:10000], targets[:10000]).item()


peer.run("PyTorch", options, workload, train_epoch, final_cost)
