// SPDX-License-Identifier: MIT
#include "data/pickle.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <type_traits>
#include <utility>

#include "nabla/base/error.h"

#include "data/csv_cell.h"
#include "data/pickle_objects.h"
#include "data/source.h"

namespace nabla {

unsigned char PickleInput::next() {
  start_ = position_;
  return static_cast<unsigned char>(take(1).front());
}

std::string_view PickleInput::take(std::size_t count) {
  const std::size_t left = content_.size() - position_;
  if (count > left)
    objects_.fail(content_.size(), "the file ends; expected " + std::to_string(count - left) +
                                       " bytes more for the instruction at byte " +
                                       std::to_string(start_));
  const auto* const first = reinterpret_cast<const char*>(content_.data()) + position_;
  position_ += count;
  return {first, count};
}

std::string_view PickleInput::take_line() {
  const std::string_view rest(reinterpret_cast<const char*>(content_.data()) + position_,
                              content_.size() - position_);
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos)
    objects_.fail(content_.size(),
                  "the file ends; expected the end of the line for the "
                  "instruction at byte " +
                      std::to_string(start_));
  position_ += end + 1;
  return rest.substr(0, end);
}

std::size_t PickleInput::take_size(std::size_t bytes) {
  const std::string_view text = take(bytes);
  std::size_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[i]);
  return value;
}

std::int64_t PickleInput::take_integer(std::size_t bytes) {
  if (bytes > 8) fail("a number of more than 64 bits; expected a smaller one");
  if (bytes == 0) return 0;
  // Two's complement: the sign is moved to the top and, by the arithmetic shift, back again.
  const auto shift = static_cast<int>(64 - 8 * bytes);
  return static_cast<std::int64_t>(std::uint64_t{take_size(bytes)} << shift) >> shift;
}

std::int64_t PickleInput::take_decimal() {
  std::string_view line = take_line();
  if (line.ends_with('L')) line.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc() || end != line.data() + line.size())
    fail("found the number " + quote_cell(line) + "; expected a whole one");
  return value;
}

namespace {

/// A triple of pairs of arrays takes less than 500 instructions.
constexpr std::size_t kMostInstructions = 100'000;
constexpr unsigned kNewestProtocol = 5;

std::string hexadecimal(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

PickleMachine::PickleMachine(std::span<const std::byte> content, PickleObjects& objects)
    : objects_(objects), input_(content, objects) {}

void PickleMachine::push_number(std::int64_t number) {
  const PickleId id = objects_.add(Kind::kNumber, input_.start());
  objects_[id].number = number;
  stack_.push_back(id);
}

PickleId PickleMachine::pop() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back()))
    input_.fail("the stack is empty; expected an object on it");
  const PickleId id = stack_.back();
  stack_.pop_back();
  return id;
}

std::size_t PickleMachine::pop_mark() {
  if (marks_.empty()) input_.fail("no mark on the stack; expected one");
  const std::size_t mark = marks_.back();
  marks_.pop_back();
  return mark;
}

void PickleMachine::push_container(Kind kind, std::size_t first) {
  const PickleId id = objects_.add(kind, input_.start());
  objects_[id].items.assign(stack_.begin() + static_cast<std::ptrdiff_t>(first), stack_.end());
  stack_.resize(first);
  stack_.push_back(id);
}

void PickleMachine::append(std::size_t first) {
  const std::vector<PickleId> items(stack_.begin() + static_cast<std::ptrdiff_t>(first),
                                    stack_.end());
  stack_.resize(first);
  const PickleId list = pop();
  stack_.push_back(list);
  if (objects_[list].kind != Kind::kList)
    input_.fail("items are appended to something else; expected a list");
  objects_[list].items.insert(objects_[list].items.end(), items.begin(), items.end());
}

bool PickleMachine::step_string(unsigned char code) {
  const auto push = [&](auto text, bool is_unicode) {
    stack_.push_back(objects_.add_string(std::move(text), is_unicode, input_.start()));
  };
  switch (code) {
    case 'U':  // SHORT_BINSTRING
    case 'C':  // SHORT_BINBYTES
      push(input_.take(input_.take_size(1)), false);
      return true;
    case 'T':  // BINSTRING
    case 'B':  // BINBYTES
      push(input_.take(input_.take_size(4)), false);
      return true;
    case 0x8e:  // BINBYTES8
    case 0x96:  // BYTEARRAY8
      push(input_.take(input_.take_size(8)), false);
      return true;
    case 0x8c:  // SHORT_BINUNICODE
      push(input_.take(input_.take_size(1)), true);
      return true;
    case 'X':  // BINUNICODE
      push(input_.take(input_.take_size(4)), true);
      return true;
    case 0x8d:  // BINUNICODE8
      push(input_.take(input_.take_size(8)), true);
      return true;
    case 'S':    // STRING
    case 'V': {  // UNICODE
      const std::string_view line = input_.take_line();
      auto text = code == 'S' ? python_string(line) : raw_unicode(line);
      if (!text)
        input_.fail("found the text " + quote_cell(line) + "; expected one as Python " +
                    "writes it");
      push(std::move(*text), code == 'V');
      return true;
    }
    default:
      return false;
  }
}

bool PickleMachine::step_memo(unsigned char code) {
  const auto index = [&] {
    switch (code) {
      case 'q':  // BINPUT
      case 'h':  // BINGET
        return input_.take_size(1);
      case 'r':  // LONG_BINPUT
      case 'j':  // LONG_BINGET
        return input_.take_size(4);
      case 0x94:  // MEMOIZE
        return memo_.size();
      default:
        return static_cast<std::size_t>(input_.take_decimal());
    }
  };
  switch (code) {
    case 'p':  // PUT
    case 'q':
    case 'r':
    case 0x94: {
      const std::size_t place = index();
      const PickleId top = pop();
      stack_.push_back(top);
      memo_[place] = top;
      return true;
    }
    case 'g':  // GET
    case 'h':
    case 'j': {
      const std::size_t place = index();
      const auto found = memo_.find(place);
      if (found == memo_.end())
        input_.fail("nothing was remembered under " + std::to_string(place) +
                    "; expected an object");
      stack_.push_back(found->second);
      return true;
    }
    default:
      return false;
  }
}

bool PickleMachine::step_container(unsigned char code) {
  switch (code) {
    case '(':  // MARK
      marks_.push_back(stack_.size());
      return true;
    case ')':  // EMPTY_TUPLE
      push_container(Kind::kTuple, stack_.size());
      return true;
    case ']':  // EMPTY_LIST
      push_container(Kind::kList, stack_.size());
      return true;
    case 't':  // TUPLE
      push_container(Kind::kTuple, pop_mark());
      return true;
    case 'l':  // LIST
      push_container(Kind::kList, pop_mark());
      return true;
    case 0x85:    // TUPLE1
    case 0x86:    // TUPLE2
    case 0x87: {  // TUPLE3
      const std::size_t count = code - 0x84U;
      if (stack_.size() - (marks_.empty() ? 0 : marks_.back()) < count)
        input_.fail("too few objects on the stack; expected " + std::to_string(count));
      push_container(Kind::kTuple, stack_.size() - count);
      return true;
    }
    case 'a': {  // APPEND
      const PickleId item = pop();
      stack_.push_back(item);
      append(stack_.size() - 1);
      return true;
    }
    case 'e':  // APPENDS
      append(pop_mark());
      return true;
    default:
      return false;
  }
}

/// Returns false after the last instruction.
bool PickleMachine::step() {
  const unsigned char code = input_.next();
  if (step_string(code) || step_memo(code) || step_container(code)) return true;
  switch (code) {
    case '.':  // STOP
      return false;
    case 0x80: {  // PROTO
      const std::size_t protocol = input_.take_size(1);
      if (protocol > kNewestProtocol)
        input_.fail("found protocol " + std::to_string(protocol) + "; expected 0 to 5");
      return true;
    }
    case 0x95:  // FRAME
      input_.take_size(8);
      return true;
    case 'N':  // NONE
      stack_.push_back(objects_.add(Kind::kNone, input_.start()));
      return true;
    case 0x88:  // NEWTRUE
    case 0x89:  // NEWFALSE
      push_number(code == 0x88 ? 1 : 0);
      return true;
    case 'I':  // INT
    case 'L':  // LONG
      push_number(input_.take_decimal());
      return true;
    case 'J':  // BININT
      push_number(input_.take_integer(4));
      return true;
    case 'K':  // BININT1
    case 'M':  // BININT2
      push_number(static_cast<std::int64_t>(input_.take_size(code == 'K' ? 1 : 2)));
      return true;
    case 0x8a:  // LONG1
      push_number(input_.take_integer(input_.take_size(1)));
      return true;
    case 'c': {  // GLOBAL
      const std::string_view module = input_.take_line();
      stack_.push_back(objects_.add_global(module, input_.take_line(), input_.start()));
      return true;
    }
    case 0x93: {  // STACK_GLOBAL
      const PickleId name = pop();
      const PickleId module = pop();
      if (objects_[name].kind != Kind::kString || objects_[module].kind != Kind::kString)
        input_.fail("the name of a global is not a string; expected a string");
      stack_.push_back(
          objects_.add_global(objects_[module].text, objects_[name].text, input_.start()));
      return true;
    }
    case 'R': {  // REDUCE
      const PickleId arguments = pop();
      const PickleId global = pop();
      stack_.push_back(objects_.reduce(global, arguments, input_.start()));
      return true;
    }
    case 'b': {  // BUILD
      const PickleId state = pop();
      const PickleId target = pop();
      objects_.build(target, state, input_.start());
      stack_.push_back(target);
      return true;
    }
    default:
      input_.fail("found the instruction " + hexadecimal(code) +
                  "; expected a pickle of NumPy arrays in tuples or lists");
  }
}

PickleId PickleMachine::run() {
  for (std::size_t count = 0; step(); ++count)
    if (count == kMostInstructions)
      input_.fail("more than " + std::to_string(kMostInstructions) +
                  " instructions; expected a few arrays");
  if (stack_.size() != 1 || !marks_.empty())
    input_.fail(std::to_string(stack_.size()) + " objects are left on the stack; expected one");
  if (input_.left() != 0)
    input_.fail("the pickle ends here, but " + std::to_string(input_.left()) +
                " bytes follow; expected the end of the file");
  return stack_.front();
}

Pickle::Pickle(FileBytes file, std::string name)
    : file_(std::move(file)), name_(std::move(name)), objects_(file_.bytes, name_) {
  root_ = PickleMachine(file_.bytes, objects_).run();
}

bool Pickle::is_array(PickleId id) const { return objects_[id].kind == PickleObject::Kind::kArray; }

std::span<const PickleId> Pickle::items(PickleId id) const { return objects_[id].items; }

NumpyArray Pickle::array(PickleId id, const std::string& place) const {
  return objects_.array(id, name_ + ": " + place);
}

namespace {

bool is_pair(const Pickle& pickle, PickleId id) {
  const auto items = pickle.items(id);
  return items.size() == 2 && pickle.is_array(items[0]) && pickle.is_array(items[1]);
}

std::string place(std::size_t part) { return "data[" + std::to_string(part) + "]"; }

/// Returns the parts of training, perhaps validation, and test rows.
std::span<const PickleId> find_parts(const Pickle& pickle) {
  const auto parts = pickle.items(pickle.root());
  bool is_known = parts.size() == 2 || parts.size() == 3;
  for (const PickleId part : parts) is_known = is_known && is_pair(pickle, part);
  if (!is_known)
    throw DataError(pickle.name() +
                    ": found other objects; expected ((x, y) of the training, (x, y) of the "
                    "validation, (x, y) of the test), or without the validation, as NumPy arrays");
  return parts;
}

Dataset read_pair(const Pickle& pickle, std::size_t part, TaskChoice task,
                  const std::vector<std::string>& classes) {
  const auto arrays = pickle.items(pickle.items(pickle.root())[part]);
  return numpy_dataset(pickle.array(arrays[0], place(part) + "[0]"),
                       pickle.array(arrays[1], place(part) + "[1]"), task, classes);
}

/// Adds rows of the same classes to the end of the training rows.
void append_rows(SourceRows& rows) {
  Dataset& train = rows.train;
  const Dataset& added = rows.validation;
  if (added.inputs() != train.inputs() || added.features.index() != train.features.index())
    throw DataError(rows.validation_name + ": other features than " + rows.train_name +
                    "; expected as many of the same type, to join them for data.validation");
  train.features = std::visit(
      [&](const auto& features) -> Dataset::Features {
        using Features = std::remove_cvref_t<decltype(features)>;
        const std::array parts = {features, std::get<Features>(added.features)};
        return Features::join(parts);
      },
      train.features);
  train.labels.insert(train.labels.end(), added.labels.begin(), added.labels.end());
  Matrix<double> targets(train.targets.rows() + added.targets.rows(), train.targets.cols());
  auto next = std::ranges::copy(train.targets.elements(), targets.data()).out;
  std::ranges::copy(added.targets.elements(), next);
  train.targets = std::move(targets);
  rows.validation = {};
}

}  // namespace

SourceRows read_pkl_source(const DataOptions& options) {
  const std::filesystem::path path = find_only_file(options, "mnist.pkl");
  const Pickle pickle(map_file(path), path.string());
  const std::size_t parts = find_parts(pickle).size();
  SourceRows rows;
  const TaskChoice task =
      options.csv.task == TaskChoice::kAuto ? TaskChoice::kClassification : options.csv.task;
  rows.train = read_pair(pickle, 0, task, options.csv.classes);
  rows.train_name = pickle.name() + ": " + place(0);
  const auto further = [&](std::size_t part) {
    return read_pair(pickle, part, chosen_task(rows.train.task), rows.train.classes);
  };
  if (parts == 3) {
    rows.validation = further(1);
    rows.validation_name = pickle.name() + ": " + place(1);
    if (options.validation != 0) append_rows(rows);
  }
  rows.test = further(parts - 1);
  rows.test_name = pickle.name() + ": " + place(parts - 1);
  return rows;
}

Dataset read_pkl_features(const FileBytes& file, const std::string& name) {
  const Pickle pickle(file, name);
  if (pickle.is_array(pickle.root())) return numpy_features(pickle.array(pickle.root(), "data"));
  if (is_pair(pickle, pickle.root()))
    return numpy_features(pickle.array(pickle.items(pickle.root())[0], place(0)));
  const auto parts = find_parts(pickle);
  return numpy_features(
      pickle.array(pickle.items(parts.back())[0], place(parts.size() - 1) + "[0]"));
}

Dataset read_pkl_features(const std::filesystem::path& file) {
  return read_pkl_features(map_file(file), file.string());
}

}  // namespace nabla
