// A program that links liboam as anybody would: loads, plans and runs.
#include <iostream>

#include <oam/hosts/memory.hpp>
#include <oam/json.hpp>
#include <oam/oam.hpp>
#include <oam/testing.hpp>

int main() {
  oam::Diagnostics problems;
  const auto app = oam::ApplicationBuilder("shop")
                       .component("web", "k8s-objects", R"({"objects":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"web"}}]})")
                       .build(problems);
  const auto model = app ? oam::resolve(*app, oam::Catalog::standard(), {}, problems) : std::nullopt;
  const auto plan = model ? oam::plan(*model, {}, {}, problems) : std::nullopt;
  if (!plan) return std::cerr << problems, 1;
  oam::Run run(*plan);
  oam::hosts::Memory host;
  return oam::drive(run, host, host).ok ? 0 : 1;
}
