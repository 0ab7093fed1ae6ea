// The order of relocation: glibc elf/dl-sort-maps.c, both algorithms.
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "format/elf/elf.h"
#include "loader/elf/bind.h"
#include "loader/elf/process.h"

namespace tenon::loader {
namespace {

// Depth first from the last image to the first; each image comes out after what it needs. With a
// stack of its own: a chain of needs may be longer than ours.
std::vector<std::size_t> by_depth(const Process& process, const std::vector<std::size_t>& scope) {
  std::vector<std::size_t> out;
  std::vector<bool> seen(process.images.size(), false);
  std::vector<std::pair<std::size_t, std::size_t>> stack;  // image, next child
  for (std::size_t i = scope.size(); i-- > 0;) {
    if (seen[scope[i]]) continue;
    seen[scope[i]] = true;
    stack.emplace_back(scope[i], 0);
    while (!stack.empty()) {
      const std::size_t image = stack.back().first;
      // The program's needs are not written down yet when glibc sorts.
      const auto& children = process.images[image]->children;
      if (image == 0 || stack.back().second >= children.size()) {
        out.push_back(image);
        stack.pop_back();
        continue;
      }
      const std::size_t child = children[stack.back().second++];
      if (seen[child] || child == 0) continue;
      seen[child] = true;
      stack.emplace_back(child, 0);
    }
  }
  return out;
}

bool needs(const Process& process, std::size_t image, std::size_t other) {
  const auto& children = process.images[image]->children;
  return image == other || std::ranges::find(children, other) != children.end();
}

// The algorithm before 2.35: an image moves behind the last one that needs it.
std::vector<std::size_t> by_moving(const Process& process, std::vector<std::size_t> maps) {
  std::vector<unsigned> rounds(maps.size(), 0);
  for (std::size_t i = 0; i < maps.size();) {
    ++rounds[i];
    const std::size_t current = maps[i];
    std::size_t k = maps.size() - 1;
    while (k > i && !needs(process, maps[k], current)) --k;
    if (k > i) {
      std::rotate(maps.begin() + static_cast<std::ptrdiff_t>(i),
                  maps.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  maps.begin() + static_cast<std::ptrdiff_t>(k) + 1);
      if (rounds[i + 1] > maps.size() - i) {
        ++i;
      } else {
        std::rotate(rounds.begin() + static_cast<std::ptrdiff_t>(i),
                    rounds.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                    rounds.begin() + static_cast<std::ptrdiff_t>(k) + 1);
        continue;
      }
    } else {
      ++i;
    }
    std::fill(rounds.begin() + static_cast<std::ptrdiff_t>(std::min(i, rounds.size())),
              rounds.end(), 0);
  }
  return maps;
}

}  // namespace

std::vector<std::size_t> relocation_order(const Process& process,
                                          const std::vector<std::size_t>& scope,
                                          const elf::GlibcVersion& version) {
  constexpr std::size_t most = 500;  // the old algorithm is quadratic
  const bool old = version != elf::GlibcVersion{} && version < elf::GlibcVersion{2, 35, 0};
  if (!old || scope.size() > most) return by_depth(process, scope);
  std::vector<std::size_t> rest = by_moving(process, {scope.begin() + 1, scope.end()});
  std::ranges::reverse(rest);
  rest.push_back(scope.front());
  return rest;
}

}  // namespace tenon::loader
