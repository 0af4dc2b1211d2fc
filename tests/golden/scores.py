#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes scores.json: how scikit-learn scores some outputs.

    python3 tests/golden/scores.py    (Debian: python3-sklearn; written with scikit-learn 1.2.1)

Curves are those of each class against the rest, of two classes that of the second: false and true
positive rates of some points, between which the ROC curve is straight, and the average precision;
calibration is [mean probability, frequency] of each tenth of the probability of the predicted class,
with two classes of the second, that has rows.

Each classification has weighted inputs z [rows x classes] of an output layer, softmax or sigmoid,
and labels; sigmoid outputs are divided by their sum. A score that scikit-learn leaves undefined for
the rows, by an error or a warning, is null; precision, recall and F1 that it sets to 0 with a
warning are null in the list of classes and 0 in the means. The regressions have targets and
outputs [rows x targets]. Multi-label has weighted inputs of sigmoid outputs and
labels [rows x labels].
"""
import json
import pathlib
import warnings

import numpy as np
from sklearn import calibration, metrics

random = np.random.default_rng(1)


def rounded(values):
    """So that the file is short and equal outputs occur.

    Eighths, since their differences are exact: outputs that tie do so in every arithmetic.
    """
    return np.round(values * 8) / 8


def probabilities(z, output):
    if output == "softmax":
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    a = 1 / (1 + np.exp(-z))
    return a / a.sum(axis=1, keepdims=True)


def or_null(score, *arguments, **options):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return float(score(*arguments, **options))
    except (ValueError, Warning):
        return None


def roc_auc(truth, p):
    if p.shape[1] == 2:
        return metrics.roc_auc_score(truth, p[:, 1])
    return metrics.roc_auc_score(truth, p, multi_class="ovr", average="macro")


def curves(truth, p):
    """Of the columns of 0 and 1 with these probabilities."""
    def of(positive, score):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                false_rate, true_rate, _ = metrics.roc_curve(positive, score)
                return {"false_positive_rate": false_rate.tolist(),
                        "true_positive_rate": true_rate.tolist(),
                        "average_precision": metrics.average_precision_score(positive, score)}
            except (ValueError, Warning):
                return None

    return [of(truth[:, j], p[:, j]) for j in range(truth.shape[1])]


def calibration_of(came_true, p):
    frequency, mean = calibration.calibration_curve(came_true, p, n_bins=10)
    return np.transpose([mean, frequency]).tolist()


def classification(name, z, truth, output):
    p = probabilities(z, output)
    classes = list(range(z.shape[1]))
    predicted = z.argmax(axis=1)
    per_class = []
    for c in classes:
        of_class = (truth == c, predicted == c)
        per_class.append([or_null(metrics.precision_score, *of_class),
                          or_null(metrics.recall_score, *of_class),
                          or_null(metrics.f1_score, *of_class), int(sum(truth == c))])

    def means(average):
        return [float(f(truth, predicted, average=average, zero_division=0)) for f in
                (metrics.precision_score, metrics.recall_score, metrics.f1_score)]

    of_classes = (truth[:, None] == classes).astype(int)
    judged = [1] if len(classes) == 2 else classes
    is_right = (truth == 1) if len(classes) == 2 else (truth == predicted)
    confidence = p[:, 1] if len(classes) == 2 else p.max(axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # predicted classes that are not in the truth
        balanced = metrics.balanced_accuracy_score(truth, predicted)
    return {
        "name": name, "output": output, "z": z.tolist(), "labels": truth.tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": balanced,
        "log_loss": metrics.log_loss(truth, p, labels=classes),
        "roc_auc": or_null(roc_auc, truth, p),
        "top5": metrics.top_k_accuracy_score(truth, p, k=5, labels=classes)
        if len(classes) >= 10 else None,
        "mcc": metrics.matthews_corrcoef(truth, predicted),
        "macro": means("macro"), "weighted": means("weighted"), "classes": per_class,
        "confusion": metrics.confusion_matrix(truth, predicted, labels=classes).tolist(),
        "curves": curves(of_classes[:, judged], p[:, judged]),
        "calibration": calibration_of(is_right.astype(int), confidence),
    }


def drawn(rows, classes, signal):
    truth = random.integers(classes, size=rows)
    z = random.normal(size=(rows, classes))
    z[np.arange(rows), truth] += signal
    return rounded(z), truth


def distinct(z):
    """Equal outputs of a row would leave the five largest to the order of sorting."""
    return z + np.arange(z.shape[1]) / 1024


def multi_label(name, z, truth):
    predicted = (1 / (1 + np.exp(-z)) > 0.5).astype(int)
    return {
        "name": name, "z": z.tolist(), "labels": truth.tolist(),
        "subset_accuracy": metrics.accuracy_score(truth, predicted),
        "hamming_loss": metrics.hamming_loss(truth, predicted),
        "f1_micro": or_null(metrics.f1_score, truth, predicted, average="micro"),
        "f1_macro": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "curves": curves(truth, 1 / (1 + np.exp(-z))),
        "calibration": calibration_of(truth.ravel(), 1 / (1 + np.exp(-z.ravel()))),
    }


def regression(name, truth, outputs):
    return {
        "name": name, "targets": truth.tolist(), "outputs": outputs.tolist(),
        "rmse": np.sqrt(metrics.mean_squared_error(truth, outputs)),
        "mae": metrics.mean_absolute_error(truth, outputs),
        "r2": or_null(metrics.r2_score, truth, outputs, multioutput="variance_weighted"),
        "median_absolute_error": metrics.median_absolute_error(truth, outputs),
        "r2_of_each": metrics.r2_score(truth, outputs, multioutput="raw_values").tolist()
        if len(truth) > 1 else None,
    }


z, truth = drawn(60, 4, 1)
two_z, two_truth = drawn(40, 2, 0.5)
many_z, many_truth = drawn(60, 12, 1)
many_truth[:12] = np.arange(12)
lost = np.where(truth == 3, 0, truth)
never_predicted = z.copy()
never_predicted[:, 2] -= 20
sure = z * 6400  # steps of 800, whose exponentials are 0
truths = rounded(random.normal(size=(31, 1)) * 3 + 7)
two_targets = rounded(random.normal(size=(20, 2)) * [1, 50])
labels = random.integers(2, size=(30, 3))
labels_z = rounded(random.normal(size=(30, 3)) + labels - 0.5) + 0.05
golden = {
    "classifications": [
        classification("four classes", z, truth, "softmax"),
        classification("sigmoid outputs", z, truth, "sigmoid"),
        classification("two classes", two_z, two_truth, "softmax"),
        classification("two sigmoid outputs", two_z, two_truth, "sigmoid"),
        classification("twelve classes", distinct(many_z), many_truth, "softmax"),
        classification("a class without rows", z, lost, "softmax"),
        classification("a class without rows that is never predicted", never_predicted,
                       np.where(truth == 2, 0, truth), "softmax"),
        classification("a class that is never predicted", never_predicted, truth, "softmax"),
        classification("one class only", z, np.zeros_like(truth), "softmax"),
        classification("probabilities of 0", sure, truth, "softmax"),
    ],
    "regressions": [
        regression("one target", truths, rounded(truths + random.normal(size=(31, 1)))),
        regression("an even number of rows", truths[:10], truths[:10][::-1]),
        regression("one row", truths[:1], truths[:1] + 1),
        regression("two targets", two_targets, rounded(two_targets * 0.8 + 1)),
    ],
    "multi_labels": [
        multi_label("three labels", labels_z, labels),
        multi_label("a label that no row has", labels_z - [0, 0, 9], labels * [1, 1, 0]),
        multi_label("no label at all", labels_z - 9, labels * 0),
    ],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
