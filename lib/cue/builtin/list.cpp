// Packages list and struct.
#include <algorithm>

#include "cue/builtin/arguments.hpp"
#include "cue/builtin/packages.hpp"

namespace oam::cue {
namespace {

using Values = std::vector<const Value*>;

constexpr std::size_t kMaxElements = 1'000'000;   // of one result; the reference has no limit here

Values elements_of(Call& call) { return call.elements(*call.arg(0)); }

const Value* part(Call& call, const Values& values, std::size_t first, std::size_t end) {
  return call.make_list(std::span(values).subspan(first, end - first));
}

const Value* drop(Call& call) {
  const auto n = call.integer(1);
  if (!n) return call.failure();
  if (*n < 0) return call.fail("negative index");
  const Values values = elements_of(call);
  return part(call, values, std::min(static_cast<std::size_t>(*n), values.size()), values.size());
}

const Value* take(Call& call) {
  const auto n = call.integer(1);
  if (!n) return call.failure();
  if (*n < 0) return call.fail("negative index");
  const Values values = elements_of(call);
  return part(call, values, 0, std::min(static_cast<std::size_t>(*n), values.size()));
}

const Value* slice(Call& call) {
  const auto i = call.integer(1), j = i ? call.integer(2) : std::nullopt;
  if (!j) return call.failure();
  if (*i < 0) return call.fail("negative index");
  if (*i > *j) return call.fail("invalid index: " + std::to_string(*i) + " > " + std::to_string(*j));
  const Values values = elements_of(call);
  if (static_cast<std::size_t>(*j) > values.size()) return call.fail("slice bounds out of range");
  return part(call, values, static_cast<std::size_t>(*i), static_cast<std::size_t>(*j));
}


void flatten(Call& call, const Value& list, const Decimal& depth, Values& out) {
  for (const Value* element : call.elements(list)) {
    const Value& value = *call.resolve(*element);
    if (value.kind == kList && !depth.is_zero())
      flatten(call, value, subtract(depth, Decimal::from_int64(1)).value, out);
    else
      out.push_back(&value);
  }
}

const Value* flatten_n(Call& call) {
  const Value* failure = nullptr;
  const Value* list = list_argument(call, 0, failure);
  if (!list) return failure;
  Values out;
  flatten(call, *list, call.number(1), out);
  return call.make_list(out);
}

const Value* repeat(Call& call) {
  const Value* failure = nullptr;
  const auto count = repeat_count(call, failure);
  if (!count) return failure;
  const Values values = elements_of(call);
  if (values.size() * *count > kMaxElements) return call.fail("result is too long");
  Values out;
  for (std::size_t i = 0; i < *count; ++i) out.insert(out.end(), values.begin(), values.end());
  return call.make_list(out);
}

const Value* concat(Call& call) {
  Values out;
  for (const Value* element : elements_of(call)) {
    const Value& list = *call.resolve(*element);
    if (list.kind != kList) return cannot_use(call, list, kList, "list");
    const Values values = call.elements(list);
    out.insert(out.end(), values.begin(), values.end());
    if (out.size() > kMaxElements) return call.fail("result is too long");
  }
  return call.make_list(out);
}

const Value* reverse(Call& call) {
  Values values = elements_of(call);
  std::ranges::reverse(values);
  return call.make_list(values);
}

// "len(list) < MinItems(2) (1 < 2)"
std::string count_message(std::string_view what, std::string_view name, std::size_t count, const Decimal& limit,
                          std::string_view sign) {
  const std::string number = limit.text();
  return "len(" + std::string(what) + ") " + std::string(sign) + " " + std::string(name) + "(" + number + ") (" +
         std::to_string(count) + " " + std::string(sign) + " " + number + ")";
}

int compare_count(std::size_t count, const Decimal& limit) {
  return compare(Decimal::from_int64(static_cast<std::int64_t>(count)), limit);
}

const Value* min_items(Call& call) {
  const std::size_t count = elements_of(call).size();
  if (compare_count(count, call.number(1)) >= 0) return call.make(true);
  return call.refuse(count_message("list", "MinItems", count, call.number(1), "<"), !call.is_closed(*call.arg(0)));
}

const Value* max_items(Call& call) {
  const std::size_t count = elements_of(call).size();
  if (compare_count(count, call.number(1)) <= 0) return call.make(true);
  return call.refuse(count_message("list", "MaxItems", count, call.number(1), ">"), false);
}

const Value* min_fields(Call& call) {
  const Value& structure = *call.arg(0);
  const std::size_t count = call.fields(structure).size();
  if (compare_count(count, call.number(1)) >= 0) return call.make(true);
  const bool mendable =
      !call.is_closed(structure) || compare_count(count + call.constraint_fields(structure), call.number(1)) >= 0;
  return call.refuse(count_message("fields", "MinFields", count, call.number(1), "<"), mendable);
}

const Value* max_fields(Call& call) {
  const std::size_t count = call.fields(*call.arg(0)).size();
  if (compare_count(count, call.number(1)) <= 0) return call.make(true);
  return call.refuse(count_message("fields", "MaxFields", count, call.number(1), ">"), false);
}

// Equal elements; more may be said of them yet unless they are `final`.
struct Pair {
  std::size_t first = 0, second = 0;
  bool final = false;
};

// A final pair, else one that is not, else nothing.
std::optional<Pair> equal_pair(Call& call, const Values& values) {
  std::optional<Pair> found;
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = i + 1; j < values.size(); ++j) {
      const bool numbers = values[i]->tag == Tag::number && values[j]->tag == Tag::number;
      if (numbers && values[i]->kind != values[j]->kind) continue;   // 5 and 5.0 are two
      if (!call.equal(*values[i], *values[j])) continue;
      found = Pair{i, j, !call.validate(*values[j], Require::concrete)};
      if (found->final) return found;
    }
  return found;
}

const Value* unique_items(Call& call) {
  Values values = elements_of(call);
  for (const Value*& value : values) value = call.resolve(*value);
  const auto pair = equal_pair(call, values);
  if (!pair) return call.make(true);
  const Value& value = *values[pair->first];
  const std::string text = is_scalar(value) ? "equal value (" + call.to_cue(value) + ")" : "equal values";
  return call.refuse(text + " at position " + std::to_string(pair->first) + " and " + std::to_string(pair->second),
                     !pair->final);
}

const Value* contains(Call& call) {
  const Value& wanted = *call.resolve(*call.arg(1));
  for (const Value* element : elements_of(call))
    if (call.equal(*call.resolve(*element), wanted)) return call.make(true);
  return call.make(false);
}

const Value* match_n(Call& call) {
  const Value* failure = nullptr;
  const Value* list = list_argument(call, 0, failure);
  if (!list) return failure;
  std::int64_t matches = 0;
  for (const Value* element : call.elements(*list))
    if (!call.validate(*call.unify(*call.arg(2), *element), Require::final)) ++matches;
  const Value& wanted = *call.arg(1);
  if (!is_bottom(call.unify(wanted, *call.make(matches)))) return call.make(true);
  return call.refuse(call.to_cue(*call.arg(2)) + " matches " + std::to_string(matches) + " list items, want " +
                         call.to_cue(wanted),
                     false);
}

// Folds the numbers of argument 0 with an operation that may fail.
template <Computed (*operation)(const Decimal&, const Decimal&)>
const Value* fold(Call& call, std::int64_t start) {
  const auto numbers = call.numbers(0);
  if (!numbers) return call.failure();
  Computed result{Decimal::from_int64(start)};
  for (const Decimal& number : *numbers) {
    result = operation(number, result.value);
    if (!result.ok()) return call.fail(std::string(result.error));
  }
  return call.make_number(result.value);
}

const Value* sum(Call& call) { return fold<add>(call, 0); }
const Value* product(Call& call) { return fold<multiply>(call, 1); }

const Value* average(Call& call) {
  const auto numbers = call.numbers(0);
  if (!numbers) return call.failure();
  if (numbers->empty()) return call.fail("empty list");
  Decimal total;
  for (const Decimal& number : *numbers) {
    const Computed next = add(number, total);
    if (!next.ok()) return call.fail(std::string(next.error));
    total = next.value;
  }
  const Computed mean = divide(total, Decimal::from_int64(static_cast<std::int64_t>(numbers->size())));
  return mean.ok() ? call.make_number(mean.value) : call.fail(std::string(mean.error));
}

template <int sign>
const Value* extreme(Call& call) {
  const auto numbers = call.numbers(0);
  if (!numbers) return call.failure();
  if (numbers->empty()) return call.fail("empty list");
  Decimal best = numbers->front();
  for (const Decimal& number : *numbers)
    if (compare(number, best) == sign) best = number;
  return call.make_number(best);
}

// The usual range, of small integers. Null: it is none.
const Value* small_range(Call& call, const Decimal& start, const Decimal& limit, const Decimal& step) {
  const auto first = start.to_int64(), end = limit.to_int64(), by = step.to_int64();
  constexpr std::int64_t kSmall = std::int64_t{1} << 61;
  for (const auto& value : {first, end, by})
    if (!value || *value > kSmall || *value < -kSmall) return nullptr;
  const std::int64_t distance = *end - *first;
  const auto count = static_cast<std::size_t>(distance / *by + (distance % *by != 0));
  if (count > kMaxElements) return call.fail("result is too long");
  Values values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(call.make(*first + static_cast<std::int64_t>(i) * *by));
  return call.make_list(values);
}

const Value* range(Call& call) {
  const Decimal start = call.number(0), limit = call.number(1), step = call.number(2);
  if (step.is_zero()) return call.fail("step must be non zero");
  const int direction = step.sign();
  if (direction > 0 && compare(start, limit) > 0)
    return call.fail("end must be greater than start when step is positive");
  if (direction < 0 && compare(start, limit) < 0)
    return call.fail("end must be less than start when step is negative");
  if (const Value* small = small_range(call, start, limit, step)) return small;
  Values values;
  for (Computed next{start}; compare(next.value, limit) == -direction; next = add(step, next.value)) {
    if (!next.ok()) return call.fail(std::string(next.error));
    if (values.size() == kMaxElements) return call.fail("result is too long");
    values.push_back(call.make_number(next.value));
  }
  return call.make_list(values);
}

// Merge sort: the comparer may contradict itself, which std::stable_sort must not meet.
class Sorter {
 public:
  explicit Sorter(Call& call) : call_(call), comparer_(*call.resolve(*call.arg(1))) {}

  bool less(const Value& a, const Value& b) {
    if (failed_) return false;
    const auto answer = call_.less(comparer_, a, b);
    if (!answer) failed_ = true;
    return answer.value_or(false);
  }

  void sort(std::span<const Value*> values) {
    if (values.size() < 2) return;
    const std::size_t half = values.size() / 2;
    sort(values.first(half));
    sort(values.subspan(half));
    merge(values, half);
  }

  bool failed() const { return failed_; }

 private:
  void merge(std::span<const Value*> values, std::size_t half) {
    const Values left(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half));
    std::size_t i = 0, j = half, out = 0;
    while (i < left.size() && j < values.size()) {
      const bool right_first = less(*values[j], *left[i]);
      values[out++] = right_first ? values[j++] : left[i++];
    }
    while (i < left.size()) values[out++] = left[i++];
  }

  Call& call_;
  const Value& comparer_;
  bool failed_ = false;
};

bool can_compare(Call& call) {
  const Value& comparer = *call.resolve(*call.arg(1));
  return comparer.kind == kStruct && call.has_field(comparer, "less");
}

// What is not yet known may become a comparer.
bool is_open_comparer(Call& call) { return call.resolve(*call.arg(1))->tag == Tag::type; }

const Value* sort(Call& call) {
  const Kind kind = call.arg(1)->kind;
  if ((kind != kStruct && (kind & kStruct)) || is_open_comparer(call)) return call.incomplete("non-concrete argument 1");
  if (!can_compare(call)) return call.fail("field not found: less");
  Values values = elements_of(call);
  Sorter sorter(call);
  sorter.sort(values);
  return sorter.failed() ? call.failure() : call.make_list(values);
}

const Value* is_sorted(Call& call) {
  if (is_open_comparer(call)) return call.incomplete("non-concrete argument 1");
  if (!can_compare(call)) return call.make(true);
  const Values values = elements_of(call);
  Sorter sorter(call);
  for (std::size_t i = 1; i < values.size(); ++i) {
    const bool falls = sorter.less(*values[i], *values[i - 1]);
    if (falls || sorter.failed()) return call.make(false);
  }
  return call.make(true);
}

const Value* sort_strings(Call& call) {
  auto texts = call.texts(0);
  if (!texts) return call.failure();
  std::ranges::sort(*texts);
  return call.make_strings(std::vector<std::string>(texts->begin(), texts->end()));
}

const Value* is_sorted_strings(Call& call) {
  const auto texts = call.texts(0);
  return texts ? call.make(std::ranges::is_sorted(*texts)) : call.failure();
}

constexpr Kind kAnyInt[] = {kTop, kInt};
constexpr Kind kListIntInt[] = {kList, kInt, kInt};
constexpr Kind kListAnyAny[] = {kList, kTop, kTop};
constexpr Kind kThreeNumbers[] = {kNumber, kNumber, kNumber};
constexpr Kind kStructInt[] = {kStruct, kInt};

constexpr Builtin kListFunctions[] = {
    {"list", "Drop", kListInt, kList, drop},
    {"list", "FlattenN", kAnyInt, kList, flatten_n},
    {"list", "Repeat", kListInt, kList, repeat},
    {"list", "Concat", kOneList, kList, concat},
    {"list", "Take", kListInt, kList, take},
    {"list", "Slice", kListIntInt, kList, slice},
    {"list", "Reverse", kOneList, kList, reverse},
    {"list", "MinItems", kListInt, kBool, min_items},
    {"list", "MaxItems", kListInt, kBool, max_items},
    {"list", "UniqueItems", kOneList, kBool, unique_items},
    {"list", "Contains", kListAny, kBool, contains},
    {"list", "MatchN", kListAnyAny, kBool, match_n, true},
    {"list", "Avg", kOneList, kNumber, average},
    {"list", "Max", kOneList, kNumber, extreme<1>},
    {"list", "Min", kOneList, kNumber, extreme<-1>},
    {"list", "Product", kOneList, kNumber, product},
    {"list", "Range", kThreeNumbers, kList, range},
    {"list", "Sum", kOneList, kNumber, sum},
    {"list", "Sort", kListAny, kList, sort},
    {"list", "SortStable", kListAny, kList, sort},
    {"list", "SortStrings", kOneList, kList, sort_strings},
    {"list", "IsSorted", kListAny, kBool, is_sorted},
    {"list", "IsSortedStrings", kOneList, kBool, is_sorted_strings},
};

constexpr Constant kListConstants[] = {
    {"list", "Comparer", "{T: _, x: T, y: T, less: bool}"},
    {"list", "Ascending", "{{T: _, x: T, y: T, less: bool}, T: number | string, x: T, y: T, less: x < y}"},
    {"list", "Descending", "{{T: _, x: T, y: T, less: bool}, T: number | string, x: T, y: T, less: x > y}"},
};

constexpr Builtin kStructFunctions[] = {
    {"struct", "MinFields", kStructInt, kBool, min_fields},
    {"struct", "MaxFields", kStructInt, kBool, max_fields},
};

}  // namespace

const Package kListPackage = {"list", kListFunctions, kListConstants};
const Package kStructPackage = {"struct", kStructFunctions, {}};

}  // namespace oam::cue
