#include "convert.hpp"

#include <cmath>

namespace oam::python {

namespace {

// Documents are bounded to Limits::depth, so recursion over their values is too;
// values that come from Python are held to the same depth, cyclic ones with it.
constexpr int kMostDepth = 500;

// The way into a value, for messages.
struct Trail {
  const Trail* up;
  std::string key;
  int depth;

  std::string pointer() const { return up ? up->pointer() + "/" + key : ""; }
};

[[noreturn]] void refuse_value(const Trail& trail, const std::string& why) {
  const std::string pointer = trail.pointer();
  throw py::value_error(why + (pointer.empty() ? "" : " at " + pointer));
}

boost::json::value convert(py::handle value, const Trail& trail);

boost::json::value convert_int(py::handle value, const Trail& trail) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (overflow == 0) return static_cast<std::int64_t>(number);
  const unsigned long long large = PyLong_AsUnsignedLongLong(value.ptr());
  if (!PyErr_Occurred()) return static_cast<std::uint64_t>(large);
  PyErr_Clear();
  refuse_value(trail, "an integer is outside -2^63 to 2^64 - 1");
}

boost::json::value convert_dict(const py::dict& given, const Trail& trail) {
  boost::json::object object;
  for (const auto& [key, item] : given) {
    if (!PyUnicode_Check(key.ptr())) throw py::type_error("a key is no str at " + trail.pointer());
    const std::string name = text_from_python(key);
    object.insert_or_assign(name, convert(item, {&trail, name, trail.depth + 1}));
  }
  return object;
}

boost::json::value convert_sequence(py::handle given, const Trail& trail) {
  boost::json::array array;
  for (const py::handle item : given)
    array.push_back(convert(item, {&trail, std::to_string(array.size()), trail.depth + 1}));
  return array;
}

boost::json::value convert(py::handle value, const Trail& trail) {
  if (trail.depth > kMostDepth) throw py::value_error("a value is nested deeper than 500 levels");
  if (value.is_none()) return nullptr;
  if (PyBool_Check(value.ptr())) return value.ptr() == Py_True;
  if (PyLong_Check(value.ptr())) return convert_int(value, trail);
  if (PyUnicode_Check(value.ptr())) return boost::json::string(text_from_python(value));
  if (PyFloat_Check(value.ptr())) {
    const double number = PyFloat_AS_DOUBLE(value.ptr());
    if (!std::isfinite(number)) refuse_value(trail, "a float is not finite");
    return number;
  }
  if (PyDict_Check(value.ptr())) return convert_dict(py::reinterpret_borrow<py::dict>(value), trail);
  if (PyList_Check(value.ptr()) || PyTuple_Check(value.ptr())) return convert_sequence(value, trail);
  throw py::type_error(std::string("a value of type ") + Py_TYPE(value.ptr())->tp_name +
                       " has no JSON form at " + trail.pointer());
}

py::object to_python(const boost::json::array& array) {
  py::list list(array.size());
  std::size_t at = 0;
  for (const auto& item : array) list[at++] = python::to_python(item);
  return list;
}

py::object to_python(const boost::json::object& object) {
  py::dict dict;
  for (const auto& [key, item] : object)
    dict[python::to_python(std::string_view(key.data(), key.size()))] = python::to_python(item);
  return dict;
}

}  // namespace

py::str to_python(std::string_view text) {
  const auto size = static_cast<Py_ssize_t>(text.size());
  PyObject* decoded = PyUnicode_DecodeUTF8(text.data(), size, "backslashreplace");
  if (!decoded) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(decoded);
}

py::object to_python(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return py::none();
    case boost::json::kind::bool_: return py::bool_(value.get_bool());
    case boost::json::kind::int64: return py::int_(value.get_int64());
    case boost::json::kind::uint64: return py::int_(value.get_uint64());
    case boost::json::kind::double_: return py::float_(value.get_double());
    case boost::json::kind::string: {
      const auto& text = value.get_string();
      return to_python(std::string_view(text.data(), text.size()));
    }
    case boost::json::kind::array: return to_python(value.get_array());
    case boost::json::kind::object: return to_python(value.get_object());
  }
  return py::none();
}

py::object to_python(const Value& value) { return value ? to_python(*value) : py::none(); }

py::dict to_python(const std::vector<std::pair<std::string, std::string>>& pairs) {
  py::dict dict;
  for (const auto& [key, value] : pairs) dict[to_python(key)] = to_python(value);
  return dict;
}

py::object parse_python(std::string_view json) {
  return to_python(checked([&](Diagnostics& problems) { return parse_json(json, problems); }).noun);
}

boost::json::value from_python(py::handle value) { return convert(value, {nullptr, "", 0}); }

Value value_from_python(py::handle value) {
  return value.is_none() ? nullptr : share(from_python(value));
}

std::int64_t integer_between(py::handle number, std::int64_t least, std::int64_t most, const char* name) {
  if (!PyLong_Check(number.ptr()) || PyBool_Check(number.ptr()))
    throw py::type_error(std::string(name) + " is an int, not " + Py_TYPE(number.ptr())->tp_name);
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow != 0 || value < least || value > most)
    throw py::value_error(std::string(name) + " is an int between " + std::to_string(least) + " and " +
                          std::to_string(most));
  return value;
}

Time time_from_python(py::handle time) {
  constexpr Time kMost = Time{1} << 53;
  if (!PyLong_Check(time.ptr()) && py::hasattr(time, "timestamp")) {
    const auto seconds = time.attr("timestamp")().cast<double>();
    return static_cast<Time>(std::llround(seconds * 1000));
  }
  return integer_between(time, -kMost, kMost, "a time in milliseconds");
}

std::string text_from_python(py::handle text) {
  if (PyBytes_Check(text.ptr())) return std::string(py::reinterpret_borrow<py::bytes>(text));
  if (!PyUnicode_Check(text.ptr()))
    throw py::type_error(std::string("a text is a str, not ") + Py_TYPE(text.ptr())->tp_name);
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (!data) throw py::error_already_set();   // a lone surrogate: UnicodeEncodeError
  return {data, static_cast<std::size_t>(size)};
}

std::string repr_of(std::string_view name, std::string_view what) {
  std::string text = "<oam.";
  text.append(name);
  if (!what.empty()) text.append(" ").append(what);
  return text += ">";
}

}  // namespace oam::python
