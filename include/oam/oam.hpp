// All of liboam that a host program needs. Opt-in, each on its own:
// <oam/json.hpp>, <oam/bgl.hpp>, <oam/record.hpp>, <oam/testing.hpp>, <oam/hosts/…>.
#pragma once

#include <oam/application.hpp>
#include <oam/assess.hpp>
#include <oam/catalog.hpp>
#include <oam/definition.hpp>
#include <oam/diagnostic.hpp>
#include <oam/difference.hpp>
#include <oam/document.hpp>
#include <oam/drive.hpp>
#include <oam/fwd.hpp>
#include <oam/graph.hpp>
#include <oam/health.hpp>
#include <oam/lifecycle.hpp>
#include <oam/model.hpp>
#include <oam/observed.hpp>
#include <oam/plan.hpp>
#include <oam/product.hpp>
#include <oam/replan.hpp>
#include <oam/review.hpp>
#include <oam/run.hpp>
#include <oam/simulate.hpp>
#include <oam/state_machine.hpp>
#include <oam/state_tracker.hpp>
#include <oam/subscription.hpp>
#include <oam/treatment.hpp>
#include <oam/version.hpp>
