#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""Evaluates ONNX graphs with NumPy, node by node, as docs/Operators.md of ONNX defines them."""

import math

import numpy as np
from onnx import helper, numpy_helper


def attributes_of(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z > 0, 1 / (1 + e), e / (1 + e)).astype(z.dtype)


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def gemm(a, b, c=None, transA=0, transB=0, alpha=1.0, beta=1.0):
    assert alpha == 1 and beta == 1 and not transA
    product = a @ (b.T if transB else b)
    return product if c is None else product + c


def one_hot_encoder(texts, cats_strings, zeros=1):
    categories = np.array([c.decode() for c in cats_strings], dtype=object)
    planes = (texts[..., np.newaxis] == categories).astype(np.float32)
    if not zeros and not planes.any(axis=-1).all():
        raise ValueError("unknown category")
    return planes


def reduced(function):
    return lambda x, axes, keepdims=1: function(x, axis=tuple(axes), keepdims=bool(keepdims))


OPERATIONS = {
    "Abs": np.abs,
    "Add": np.add,
    "Cast": lambda x, to: x.astype(helper.mapping.TENSOR_TYPE_TO_NP_TYPE[to]),
    "Concat": lambda *parts, axis: np.concatenate(parts, axis=axis),
    "Div": np.divide,
    "Elu": lambda z, alpha=1.0: np.where(z > 0, z, z.dtype.type(alpha) * np.expm1(np.minimum(z, 0))),
    "Erf": lambda z: np.vectorize(math.erf, otypes=[z.dtype])(z),
    "Exp": np.exp,
    "Gather": lambda x, indices, axis=0: np.take(x, indices, axis=axis),
    "Gemm": gemm,
    "IsNaN": np.isnan,
    "Log": np.log,
    "Max": np.maximum,
    "Min": np.minimum,
    "Mul": np.multiply,
    "Neg": np.negative,
    "OneHotEncoder": one_hot_encoder,
    "ReduceL2": reduced(lambda x, **by: np.sqrt(np.square(x).sum(**by))),
    "ReduceMax": reduced(np.max),
    "Relu": lambda z: np.maximum(z, 0),
    "Reshape": lambda x, shape: x.reshape(shape),
    "Sigmoid": sigmoid,
    "Softmax": softmax,
    "Softplus": lambda z: np.logaddexp(z, 0),
    "Sub": np.subtract,
    "Tanh": np.tanh,
    "Where": np.where,
}


def evaluate(model, inputs):
    """Returns the model's only output; `inputs` are arrays by name, of the types that it asks for."""
    values = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    for wanted in model.graph.input:
        given = inputs[wanted.name]
        kind = helper.mapping.TENSOR_TYPE_TO_NP_TYPE[wanted.type.tensor_type.elem_type]
        assert given.dtype == kind, f"{wanted.name}: {given.dtype}, expected {kind}"
        assert given.shape[1] == wanted.type.tensor_type.shape.dim[1].dim_value, wanted.name
        values[wanted.name] = given
    for node in model.graph.node:
        arguments = [values[name] for name in node.input]
        result = OPERATIONS[node.op_type](*arguments, **attributes_of(node))
        floats = [a.dtype for a in arguments if a.dtype.kind == "f"]
        if floats and result.dtype.kind == "f" and node.op_type != "Cast":
            assert result.dtype == floats[-1], f"{node.name}: {result.dtype} of {floats}"
        values[node.output[0]] = result
    (output,) = model.graph.output
    result = values[output.name]
    kind = helper.mapping.TENSOR_TYPE_TO_NP_TYPE[output.type.tensor_type.elem_type]
    assert result.dtype == kind, f"{output.name}: {result.dtype}, expected {kind}"
    return result
