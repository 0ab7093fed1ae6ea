#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "rewrite/cgo/pack.h"
#include "rewrite/java/log4j.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {

std::span<const Pack* const> packs() {
  static const std::array<const Pack*, 2> all{&cgo::pack(), &java::log4j_pack()};
  return all;
}

const Pack* find_pack(std::string_view name) {
  const auto all = packs();
  const auto found = std::ranges::find(all, name, &Pack::name);
  return found == all.end() ? nullptr : *found;
}

}  // namespace tenon::rewrite
