#include "format/tree/tree.h"

#include <vector>

namespace tenon::tree {

Index Tree::child(Index of, Field field) const {
  for (Index i = of + 1; i < nodes_[of].after; i = nodes_[i].after) {
    if (nodes_[i].field == field) return i;
  }
  return none;
}

Index Tree::child_of_kind(Index of, Kind kind) const {
  for (Index i = of + 1; i < nodes_[of].after; i = nodes_[i].after) {
    if (nodes_[i].kind == kind) return i;
  }
  return none;
}

std::vector<Index> Tree::named_children(Index of) const {
  std::vector<Index> out;
  for (Index i = of + 1; i < nodes_[of].after; i = nodes_[i].after) {
    if (nodes_[i].named && !nodes_[i].comment) out.push_back(i);
  }
  return out;
}

Index Tree::above(Index of, Kind kind) const {
  while (of != 0) {
    of = nodes_[of].parent;
    if (nodes_[of].kind == kind) return of;
  }
  return none;
}

}  // namespace tenon::tree
