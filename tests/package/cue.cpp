// A program that uses CUE alone, as a user of the installed library would write it.
#include <cstdio>

#include <boost/json/value.hpp>
#include <oam/cue/instance.hpp>

int main() {
  const oam::Source file{"in.cue", "n: int\nm: n * 2\n"};
  oam::cue::Errors errors;
  const auto module = oam::cue::Module::compile({&file, 1}, {}, errors);
  if (!module) return 1;
  oam::cue::Instance instance(*module);
  instance.fill("n", 21);
  const auto text = instance.lookup("m").json_text(errors);
  return text && *text == "42" && std::puts(text->c_str()) >= 0 ? 0 : 1;
}
