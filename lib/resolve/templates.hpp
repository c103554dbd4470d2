// A definition's template at work: compiled, and what is wrong with it told where the
// author used it.
#pragma once

#include <oam/cue/instance.hpp>

#include "resolve/properties.hpp"
#include "resolve/resolution.hpp"

namespace oam::detail {

// Null, and told, if it does not compile. `owner` is the component, trait or policy.
const cue::Module* template_of(const Resolution& shared, const Definition& d, const Place& owner);

// parameter.env.0.name as a JSON pointer, behind the first label.
std::string pointer_behind(std::string_view path);

std::string text_of(const cue::Error& e);   // its path and message, without positions

// What a template says against its use (`errs`), and what is wrong with a template itself.
void tell_refusal(const Resolution& shared, std::string message, const Definition& d, const Place& owner);
void tell_template_error(const Resolution& shared, std::string message, const Definition& d, const Place& owner);
void tell_template_error(const Resolution& shared, const cue::Error& e, const Definition& d, const Place& owner, bool lenient = false, const Written* written = nullptr);

// Tells what is wrong with the parameters of a template that cannot be evaluated as a whole;
// warnings if lenient.
void check_parameter_values(const Resolution& shared, cue::Instance& instance, const Definition& d, const Place& owner, bool lenient = false);

// Tells properties that the `parameter` of a definition does not declare.
void check_known_parameters(const Resolution& shared, const cue::View& schema, const boost::json::value& given, const Definition& d, const std::string& type, const Written& written);
Written written_below(const Place& owner, const boost::json::value& properties);   // in its field `properties`

// Tells a condition of an evaluated template that nothing decides, or the parameters that it
// lacks. What waits for values decides it later.
void tell_undecided(const Resolution& shared, cue::Instance& instance, const Definition& d, const Place& owner, const Written& written);

// Of a workflow step: a value that contradicts the template's own words; what is missing, and
// does not come by an input.
void check_step_parameters(const Resolution& shared, const cue::Module& module, const Value& properties, const Definition& d, const Place& owner, std::span<const Input> inputs = {});

// Of a workflow step, too: what it uses of a package that has no such definition.
void check_packages(const Resolution& shared, const Definition& d, const Place& owner);

// Where a definition that stands beside the application says `pointer`; nothing for another.
std::optional<Place> place_in(const Application::Data& app, const Definition& d, std::string_view pointer);

// Tells everything that is wrong with an evaluated template; true if nothing is. With
// `wrong`, as long as parameters are, these alone, and adds their pointers: much else may
// only come of them. `written`: where parameters are, if not below `owner` alone.
bool check_template(const Resolution& shared, cue::Instance& instance, const Definition& d, const Place& owner, std::vector<std::string>* wrong = nullptr, const Written* written = nullptr);

}  // namespace oam::detail
