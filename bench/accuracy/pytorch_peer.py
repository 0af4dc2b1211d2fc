#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""A recipe with PyTorch: nn.Sequential, autograd and torch.optim.SGD, batches by index_select, images
deformed a mini-batch at a time by tensors' own functions. With --precision bfloat16 under autocast."""
import math

import peer

options, recipe = peer.arguments(__doc__)

import torch
from torch import nn
from torch.nn import functional

torch.manual_seed(options.seed)
torch.set_num_threads(options.threads)
torch.set_flush_denormal(True)

SIDE = 28
(x, labels), (test_x, test_labels) = (
    map(torch.from_numpy, peer.load(options, part)) for part in ("train", "t10k")
)
widths = [x.shape[1], *recipe["hidden"], 10]
layers = []
for n, m in zip(widths, widths[1:]):
    linear = nn.Linear(n, m)
    is_last = len(layers) == 2 * len(recipe["hidden"])
    nn.init.normal_(linear.weight, std=((1 if is_last else 2) / n) ** 0.5)
    nn.init.zeros_(linear.bias)
    layers += [linear] if is_last else [linear, nn.ReLU()]
model = nn.Sequential(*layers)
optimizer = torch.optim.SGD(model.parameters(), lr=1, momentum=recipe["momentum"])
augment = recipe.get("augment")


def smoother():
    """Weights of a Gaussian of the recipe's sigma whose fields move pixels as nabla's do."""
    radius = math.ceil(3 * augment["elastic_sigma"])
    t = torch.arange(-radius, radius + 1) / augment["elastic_sigma"]
    weights = torch.exp(-0.5 * t * t)
    return weights / weights.square().sum().sqrt()


def uniform(count, bound):
    return (2 * torch.rand(count) - 1) * bound


def deform(rows):
    """Rotates, scales, shifts and elastically displaces each image by draws of its own."""
    count = len(rows)
    angle = uniform(count, math.radians(augment["rotation"]))
    height, width = 1 + uniform(count, augment["scale"]), 1 + uniform(count, augment["scale"])
    down, right = uniform(count, augment["shift"]), uniform(count, augment["shift"])
    cosine, sine = torch.cos(angle), torch.sin(angle)
    half = SIDE / 2  # grid_sample's unit
    maps = torch.stack([
        torch.stack([cosine / width, sine / width, -(cosine * right + sine * down) / width / half]),
        torch.stack([-sine / height, cosine / height, (sine * right - cosine * down) / height / half]),
    ]).permute(2, 0, 1)
    places = functional.affine_grid(maps, (count, 1, SIDE, SIDE), align_corners=False)
    kernel, radius = SMOOTHER, len(SMOOTHER) // 2
    field = 2 * torch.rand(2 * count, 1, SIDE, SIDE) - 1
    field = functional.pad(field, (radius,) * 4, mode="circular")
    field = functional.conv2d(field, kernel.view(1, 1, 1, -1))
    field = functional.conv2d(field, kernel.view(1, 1, -1, 1))
    alpha = augment["elastic_alpha"] / (2 * math.sqrt(math.pi))
    places = places + field.view(count, 2, SIDE, SIDE).permute(0, 2, 3, 1) * (alpha / half)
    images = functional.grid_sample(rows.view(count, 1, SIDE, SIDE), places, align_corners=False)
    return images.view(count, -1)


SMOOTHER = smoother() if augment else None


def outputs_of(inputs):
    with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bfloat16"):
        return model(inputs)


def train_epoch(rate):
    optimizer.param_groups[0]["lr"] = rate
    for index in torch.randperm(len(x)).split(recipe["batch"]):
        inputs = x.index_select(0, index)
        optimizer.zero_grad(set_to_none=True)
        outputs = outputs_of(deform(inputs) if augment else inputs)
        functional.cross_entropy(outputs.float(), labels.index_select(0, index)).backward()
        optimizer.step()


def test_accuracy():
    with torch.no_grad():
        return (outputs_of(test_x).argmax(1) == test_labels).float().mean().item()


peer.run(recipe, train_epoch, test_accuracy)
