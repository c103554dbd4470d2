// What the two halves of package net share: addresses and what a host is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cue/builtin/builtin.hpp"

namespace oam::cue {

struct Address {
  std::string bytes;   // 4 or 16
  std::string zone;    // of IPv6: "eth0" of fe80::1%eth0
  bool is_v4() const { return bytes.size() == 4; }
};

// Text or a list of bytes. Nothing: `error` says why in the reference's words.
std::optional<Address> address_of(Call& call, const Value& value, std::string& error);
std::string address_text(const Address& address);

// The failure of argument `i`; incomplete where it is not concrete yet.
const Value* fail_or_wait(Call& call, std::size_t i, const std::string& error);

// Functions of hosts and URLs, in the package's table.
const Value* net_split_host_port(Call& call);
const Value* net_join_host_port(Call& call);
const Value* net_fqdn(Call& call);
const Value* net_path_escape(Call& call);
const Value* net_path_unescape(Call& call);
const Value* net_query_escape(Call& call);
const Value* net_query_unescape(Call& call);
const Value* net_url(Call& call);
const Value* net_absolute_url(Call& call);

}  // namespace oam::cue
