// Source texts from what Python gives: text, paths, Sources, and iterables of them.
#include <cerrno>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "convert.hpp"

namespace oam::python {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void raise_os_error(int code, const std::string& path) {
  errno = code;
  PyErr_SetFromErrnoWithFilename(PyExc_OSError, path.c_str());
  throw py::error_already_set();
}

Source read_file(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) raise_os_error(EISDIR, path.string());
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) raise_os_error(errno ? errno : EIO, path.string());
  return {path.string(), std::move(text).str()};
}

bool holds_documents(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

// All files below a folder whose names say that they hold documents, by name.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  try {
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file() && holds_documents(entry.path())) files.push_back(entry.path());
  } catch (const fs::filesystem_error& error) {
    raise_os_error(error.code().value(), folder.string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void append_path(const fs::path& path, std::vector<Source>& sources) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return sources.push_back(read_file(path));
  for (const fs::path& file : files_below(path)) sources.push_back(read_file(file));
}

bool is_text(py::handle given) { return PyUnicode_Check(given.ptr()) || PyBytes_Check(given.ptr()); }

// Everything but an iterable; false if it is none of these.
bool append_one(py::handle given, const std::string& name, std::vector<Source>& sources) {
  if (is_text(given)) {
    sources.push_back({name, text_from_python(given)});
  } else if (py::isinstance<Source>(given)) {
    sources.push_back(given.cast<Source>());
  } else if (py::hasattr(given, "__fspath__")) {
    const std::string path = text_from_python(py::module_::import("os").attr("fspath")(given));
    if (path.find('\0') != path.npos) throw py::value_error("a path has no null byte");
    append_path(path, sources);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::vector<Source> sources_from_python(py::handle given, const std::string& name) {
  std::vector<Source> sources;
  if (append_one(given, name, sources)) return sources;
  if (PyDict_Check(given.ptr()) || !py::isinstance<py::iterable>(given))
    throw py::type_error(std::string("a source is a str, a pathlib.Path, an oam.Source or an iterable of "
                                     "them, not ") + Py_TYPE(given.ptr())->tp_name);
  for (const py::handle item : given)
    if (!append_one(item, name + "[" + std::to_string(sources.size()) + "]", sources))
      throw py::type_error(std::string("a source is a str, a pathlib.Path or an oam.Source, not ") +
                           Py_TYPE(item.ptr())->tp_name);
  return sources;
}

}  // namespace oam::python
