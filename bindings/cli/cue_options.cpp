// Flags as the reference reads them: anywhere among the inputs, -xVALUE, -x=VALUE,
// several short ones together, --name=VALUE.
#include <algorithm>

#include "cue.hpp"

namespace oam::cli {
namespace {

struct Flag {
  std::string_view name;
  char letter;
  bool takes_value;
};

constexpr Flag kFlags[] = {
    {"expression", 'e', true}, {"out", 0, true}, {"outfile", 'o', true}, {"schema", 'd', true}, {"path", 'l', true},
    {"package", 'p', true}, {"inject", 't', true}, {"name", 'n', true}, {"proto_path", 'I', true}, {"proto_enum", 0, true},
    {"concrete", 'c', false}, {"all", 'a', false}, {"show-attributes", 'A', false}, {"show-optional", 'O', false},
    {"show-hidden", 'H', false}, {"ignore", 'i', false}, {"force", 'f', false}, {"simplify", 's', false},
    {"all-errors", 'E', false}, {"inject-vars", 'T', false}, {"list", 0, false}, {"merge", 0, false}, {"escape", 0, false},
    {"with-context", 0, false}, {"inline-imports", 0, false}, {"partial", 0, false},
    {"check", 0, false}, {"check-syntax", 0, false}, {"files", 0, false}, {"help", 'h', false},
};

const Flag* find(std::string_view name) {
  const auto* it = std::ranges::find(kFlags, name, &Flag::name);
  return it == std::end(kFlags) ? nullptr : it;
}
const Flag* find(char letter) {
  const auto* it = std::ranges::find(kFlags, letter, &Flag::letter);
  return it == std::end(kFlags) ? nullptr : it;
}

class Reading {
 public:
  Reading(const std::vector<std::string>& arguments, std::string& error) : arguments_(arguments), error_(error) {}

  bool all() {
    for (; at_ < arguments_.size() && error_.empty(); ++at_) {
      const std::string& each = arguments_[at_];
      if (each == "--") {
        options.inputs.insert(options.inputs.end(), arguments_.begin() + static_cast<std::ptrdiff_t>(at_) + 1, arguments_.end());
        break;
      }
      if (each == "#") break;   // a comment, where a shell passes it on
      if (each.starts_with("--")) long_flag(each.substr(2));
      else if (each.size() > 1 && each[0] == '-') short_flags(each.substr(1));
      else options.inputs.push_back(each);
    }
    return error_.empty();
  }
  CueOptions options;

 private:
  void set(const Flag& flag, std::string value) { options.values[std::string(flag.name)].push_back(std::move(value)); }

  void long_flag(const std::string& text) {
    const std::size_t equals = text.find('=');
    const Flag* flag = find(std::string_view(text).substr(0, equals));
    if (!flag) error_ = "unknown flag: --" + text.substr(0, equals);
    else if (equals != text.npos) set(*flag, text.substr(equals + 1));
    else if (!flag->takes_value) set(*flag, "true");
    else next_value(*flag, "flag needs an argument: --" + text);
  }

  void short_flags(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const Flag* flag = text[i] ? find(text[i]) : nullptr;
      if (!flag) {
        error_ = std::string("unknown shorthand flag: '") + text[i] + "' in -" + std::string(text);
        return;
      }
      const std::string_view rest = text.substr(i + 1);
      if (rest.starts_with('=')) return set(*flag, std::string(rest.substr(1)));
      if (flag->takes_value && !rest.empty()) return set(*flag, std::string(rest));
      if (flag->takes_value) return next_value(*flag, std::string("flag needs an argument: '") + text[i] + "' in -" + std::string(text));
      set(*flag, "true");
    }
  }

  void next_value(const Flag& flag, std::string otherwise) {
    if (at_ + 1 >= arguments_.size()) error_ = std::move(otherwise);
    else set(flag, arguments_[++at_]);
  }

  const std::vector<std::string>& arguments_;
  std::string& error_;
  std::size_t at_ = 0;
};

}  // namespace

bool CueOptions::is_on(const std::string& flag, bool otherwise) const {
  const std::string text = value(flag);
  return text.empty() ? otherwise : text == "true" || text == "1" || text == "t" || text == "T" || text == "True" || text == "TRUE";
}

std::string CueOptions::value(const std::string& flag) const {
  const auto it = values.find(flag);
  return it == values.end() ? "" : it->second.back();
}

const std::vector<std::string>& CueOptions::all(const std::string& flag) const {
  static const std::vector<std::string> kNone;
  const auto it = values.find(flag);
  return it == values.end() ? kNone : it->second;
}

std::optional<CueOptions> read_cue_options(const std::vector<std::string>& arguments, std::string& error) {
  Reading reading(arguments, error);
  if (!reading.all()) return std::nullopt;
  return std::move(reading.options);
}

}  // namespace oam::cli
