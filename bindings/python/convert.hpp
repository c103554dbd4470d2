// Between Python and the library: values, texts, times, sources, problems. All
// bindings go through here, so that a wrong argument is told the same way
// everywhere: TypeError for a wrong type, ValueError for a wrong value, oam.Error
// for a mistake in a document.
//
// Everything here needs the GIL but the call that checked() makes without it.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <oam/diagnostic.hpp>
#include <oam/document.hpp>
#include <oam/json.hpp>
#include <oam/name.hpp>

namespace oam::python {

namespace py = pybind11;

// Of one noun to Python. Bytes that are no UTF-8 are escaped, never an error:
// they come from hostile documents and stand in messages.
py::str to_python(std::string_view text);
inline py::str to_python(const std::string& text) { return to_python(std::string_view(text)); }
inline py::str to_python(const Name& name) { return to_python(name.view()); }
py::object to_python(const boost::json::value& value);
py::object to_python(const Value& value);   // None for null
py::dict to_python(const std::vector<std::pair<std::string, std::string>>& pairs);
inline py::bool_ to_python(bool value) { return py::bool_(value); }
template <std::integral Number>
py::int_ to_python(Number value) { return py::int_(value); }

// A JSON text that the library wrote, as dicts and lists.
py::object parse_python(std::string_view json);

// Dicts with string keys, lists, tuples, strings, bools, None, finite floats and
// ints between -2^63 and 2^64 - 1.
boost::json::value from_python(py::handle value);
Value value_from_python(py::handle value);   // None becomes null

// Milliseconds: an int, or a datetime. At most 2^53 either way, so that no sum of
// two times overflows and every one is exact in JSON.
Time time_from_python(py::handle time);

std::int64_t integer_between(py::handle number, std::int64_t least, std::int64_t most, const char* name);

// A length of time in milliseconds.
inline Time length_from_python(py::handle number, const char* name) {
  return integer_between(number, 0, std::int64_t{1} << 53, name);
}
inline std::uint32_t count_from_python(py::handle number, const char* name) {
  return static_cast<std::uint32_t>(
      integer_between(number, 0, std::numeric_limits<std::uint32_t>::max(), name));
}

// Text of a str or, as it is, of bytes.
std::string text_from_python(py::handle text);

// A str or bytes is a text that goes by `name`, a path is a file or a folder, a
// Source is itself; of an iterable each of these.
std::vector<Source> sources_from_python(py::handle given, const std::string& name);

// The enumerator that goes by `name`, `last` being the last one; else a ValueError
// that lists them all.
template <class Enum, class NameOf>
Enum named(std::string_view name, Enum last, NameOf name_of, const char* what) {
  std::string legal;
  for (unsigned at = 0; at <= static_cast<unsigned>(last); ++at) {
    const std::string_view candidate = name_of(static_cast<Enum>(at));
    if (candidate == name) return static_cast<Enum>(at);
    (legal += legal.empty() ? "" : ", ") += candidate;
  }
  throw py::value_error("\"" + std::string(name) + "\" is no " + what + ": " + legal);
}

template <class Range, class Make>
py::tuple tuple_of(const Range& range, Make make) {
  py::tuple result(std::size(range));
  std::size_t at = 0;
  for (const auto& item : range) result[at++] = make(item);
  return result;
}

template <class Range>
py::tuple tuple_of(const Range& range) {
  return tuple_of(range, [](const auto& item) { return py::cast(item); });
}

py::tuple diagnostics_to_python(const std::vector<Diagnostic>& problems);
[[noreturn]] void raise_error(const Diagnostics& problems);

// A noun with the warnings of the call that made it.
template <class Noun>
struct Noted {
  Noun noun;
  std::vector<Diagnostic> warnings;
};

// Makes a call that takes a Diagnostics and returns an optional, without the GIL.
// An empty one becomes oam.Error.
template <class Call>
auto checked(Call call) {
  Diagnostics problems;
  auto result = [&] {
    py::gil_scoped_release others_run;
    return call(problems);
  }();
  if (!result) raise_error(problems);
  const auto items = problems.items();
  return Noted<typename decltype(result)::value_type>{std::move(*result), {items.begin(), items.end()}};
}

// A part of an immutable noun, which it keeps alive.
template <class Owner, class Item>
struct Part {
  Owner owner;
  const Item* item;

  const Item* operator->() const { return item; }
};

template <class Owner, class Item>
py::tuple parts_of(const Owner& owner, std::span<const Item> items) {
  return tuple_of(items, [&](const Item& item) { return py::cast(Part<Owner, Item>{owner, &item}); });
}

template <class Struct>
const Struct& inner(const Struct& from) { return from; }
template <class Owner, class Item>
const Item& inner(const Part<Owner, Item>& from) { return *from.item; }

// A read-only attribute for a member that to_python() knows, of a struct or of a Part.
template <auto Member, class Class>
void field(Class& type, const char* name, const char* help = "") {
  using Bound = typename Class::type;
  type.def_property_readonly(
      name, [](const Bound& from) { return to_python(inner(from).*Member); }, help);
}

// `<oam.NAME WHAT>`
std::string repr_of(std::string_view name, std::string_view what);

// Each file of the bindings declares its nouns.
void bind_diagnostics(py::module_& module);
void bind_documents(py::module_& module);
void bind_applications(py::module_& module);
void bind_catalogs(py::module_& module);
void bind_models(py::module_& module);
void bind_products(py::module_& module);
void bind_states(py::module_& module);
void bind_plans(py::module_& module);
void bind_tasks(py::module_& module);
void bind_runs(py::module_& module);
void bind_hosts(py::module_& module);
void bind_simulations(py::module_& module);

}  // namespace oam::python
