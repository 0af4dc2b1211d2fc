// SPDX-License-Identifier: MIT
#pragma once

/// All of the library. The functions of a whole experiment, each declared in the header beside it:
///
///     load_data     reads, splits and limits rows             nabla/data/data_options.h
///     make_classification, make_regression                    nabla/data/from_memory.h
///                   make a data set of rows in memory
///     make_model    makes the network before training         nabla/train/make_model.h
///     train         trains it; Trainer stops and goes on      nabla/train/trainer.h
///     evaluate      its cost and accuracy on rows             nabla/train/evaluation.h
///     score         all its scores there                      nabla/train/scores.h
///     permutation_importance                                  nabla/train/importance.h
///                   says which columns it depends on
///     predict       gives its outputs for rows                nabla/train/evaluation.h
///     load_data_for, load_features                            nabla/train/model_data.h
///                   read rows for a model that is there
///     save_model, load_model                                  nabla/model/model.h
///     save_checkpoint, load_checkpoint                        nabla/train/checkpoint.h
///     cross_validate                                          nabla/train/cross_validation.h
///     check_gradients                                         nabla/train/gradient_check.h
///     resolved      sets what options leave to the rows       nabla/train/resolved.h
///
/// Options are structs: DataOptions, NetworkOptions, TrainOptions, ParallelOptions, FoldOptions.
/// Each field stands for one key of a configuration (docs/options.md). Errors are those of
/// nabla/base/error.h.

#include "nabla/base/error.h"
#include "nabla/base/version.h"
#include "nabla/data/data_options.h"
#include "nabla/data/from_memory.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/model/model.h"
#include "nabla/model/network_options.h"
#include "nabla/train/checkpoint.h"
#include "nabla/train/cross_validation.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/gradient_check.h"
#include "nabla/train/importance.h"
#include "nabla/train/make_model.h"
#include "nabla/train/model_data.h"
#include "nabla/train/resolved.h"
#include "nabla/train/scores.h"
#include "nabla/train/train_options.h"
#include "nabla/train/trainer.h"
