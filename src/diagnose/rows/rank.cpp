#include "diagnose/rows/rank.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "diagnose/rows/row.h"

namespace tenon::rows {
namespace {

bool hides(const Place& one, const Place& other) {
  return std::ranges::any_of(one.hides, [&](const auto& slug) { return means(slug, other.slug); });
}

void add_hidden(std::vector<Place>& places) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t k = 0; k < places.size(); ++k) {
      const bool mutual = hides(places[k], places[i]);
      if (i != k && hides(places[i], places[k]) && !mutual) places[k].after.push_back(i);
    }
  }
}

// Until nothing changes: what is lowered lowers what stands behind it.
void lower(std::vector<Place>& places) {
  for (std::size_t round = 0; round < places.size(); ++round) {
    for (Place& one : places) {
      for (const std::size_t before : one.after) {
        one.sureness = std::min(one.sureness, places[before].sureness);
      }
    }
  }
}

// Each of two leaves no other for the line that both rest on: neither is certain.
void doubt_rivals(std::vector<Place>& places) {
  const auto behind = [](const Place& one, std::size_t other) {
    return std::ranges::find(one.after, other) != one.after.end();
  };
  std::vector<std::size_t> doubted;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t k = i + 1; k < places.size(); ++k) {
      const bool both =
          places[i].sureness == Sureness::certain && places[k].sureness == Sureness::certain;
      if (!both || places[i].line != places[k].line) continue;
      if (!behind(places[i], k) && !behind(places[k], i)) doubted.insert(doubted.end(), {i, k});
    }
  }
  for (const std::size_t index : doubted) places[index].sureness = Sureness::likely;
}

}  // namespace

std::vector<std::size_t> rank(std::vector<Place>& places) {
  add_hidden(places);
  doubt_rivals(places);
  lower(places);
  std::vector<std::size_t> out;
  std::vector<bool> placed(places.size(), false);
  const auto waits = [&](std::size_t index) {
    return std::ranges::any_of(places[index].after,
                               [&](std::size_t before) { return !placed[before]; });
  };
  const auto better = [&](std::size_t one, std::size_t other) {
    if (waits(one) != waits(other)) return !waits(one);
    if (places[one].sureness != places[other].sureness)
      return places[one].sureness > places[other].sureness;
    return places[one].line < places[other].line;
  };
  while (out.size() < places.size()) {
    std::size_t best = places.size();
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (!placed[i] && (best == places.size() || better(i, best))) best = i;
    }
    placed[best] = true;
    out.push_back(best);
  }
  return out;
}

}  // namespace tenon::rows
