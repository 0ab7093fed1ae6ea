#include "inspect/page/size_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "diag/report.h"
#include "format/gobin/pclntab.h"
#include "inspect/artifact.h"
#include "inspect/go_bytes.h"
#include "inspect/module_of.h"
#include "inspect/size.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

constexpr std::string_view no_package = "(compiler)";
constexpr std::string_view other_code = "(C and other code)";

std::uint64_t sum_of(const std::vector<SizeNode>& nodes) {
  std::uint64_t sum = 0;
  for (const SizeNode& node : nodes) sum += node.bytes;
  return sum;
}

// The functions of each package by the name of the package.
using Functions = std::unordered_map<std::string, std::vector<SizeNode>>;

Functions go_functions(const ObjectView& object) {
  Functions out;
  const GoBytes bytes = go_bytes(object.bytes);
  if (bytes.pclntab.empty()) return out;
  const auto table = function_table(bytes);
  if (!table) return out;
  for (std::uint64_t i = 0; i < table->size(); ++i) {
    const std::uint64_t size = table->function_size(i);
    if (size == 0) continue;
    const std::string_view name = table->function_name(i);
    const std::string_view prefix = gobin::go_symbol_prefix(name);
    std::string package = prefix.empty() ? std::string(no_package)
                                         : gobin::go_symbol_package(std::string(prefix) + ".");
    // Without its package, which stands above it.
    const std::size_t from = prefix.empty() ? 0 : std::min(prefix.size() + 1, name.size());
    out[std::move(package)].push_back({std::string(name.substr(from)), "function", size});
  }
  return out;
}

// C by source, and what no symbol covers.
SizeNode c_node(const std::vector<SizeRow>& functions, std::uint64_t bytes) {
  std::map<std::string, SizeNode> sources;
  SizeNode out{"C and other code", "c", bytes, 0, {}};
  for (const SizeRow& row : functions) {
    SizeNode function{row.name, "function", row.bytes, 0, {}};
    if (row.source.empty()) {
      out.children.push_back(std::move(function));
      continue;
    }
    SizeNode& source = sources[row.source];
    source.name = row.source;
    source.kind = "source";
    source.bytes += row.bytes;
    source.children.push_back(std::move(function));
  }
  for (auto& [name, node] : sources) out.children.push_back(std::move(node));
  const std::uint64_t known = sum_of(out.children);
  // Tables of hostile files say more than there is.
  out.bytes = std::max(bytes, known);
  if (out.bytes > known && !out.children.empty()) {
    out.children.push_back({"(no symbol)", "rest", out.bytes - known, 0, {}});
  }
  return out;
}

// Packages below their modules.
std::vector<SizeNode> go_nodes(const SizeReport& sizes, const ObjectView& object,
                               const GoArtifact* go) {
  Functions functions = go_functions(object);
  std::map<std::string, SizeNode> modules;
  for (const SizeRow& row : sizes.packages) {
    if (row.name == other_code) continue;
    if (const std::string& path = row.package; !path.empty()) {
      std::vector<SizeRow> own;
      std::ranges::copy_if(sizes.functions, std::back_inserter(own),
                           [&](const SizeRow& one) { return one.package == path; });
      SizeNode code = c_node(own, row.bytes);
      code.name = row.name;
      const std::string name = module_of(path, go);
      SizeNode& module = modules[name];
      module.name = name;
      module.kind = "module";
      module.bytes += code.bytes;
      module.children.push_back(std::move(code));
      continue;
    }
    SizeNode package{row.name, "package", row.bytes, 0, {}};
    if (const auto found = functions.find(row.name); found != functions.end()) {
      package.children = std::move(found->second);
    }
    const std::string name = module_of(row.name, go);
    SizeNode& module = modules[name];
    module.name = name;
    module.kind = "module";
    module.bytes += row.bytes;
    module.children.push_back(std::move(package));
  }
  std::vector<SizeNode> out;
  for (auto& [name, node] : modules) out.push_back(std::move(node));
  return out;
}

// Names that several nodes have become one node.
using Key = std::pair<std::string_view, std::string_view>;

void add_side(SizeNode& to, const SizeNode& from, bool right) {
  (right ? to.bytes : to.before) += from.bytes;
  std::map<Key, std::size_t> known;
  std::vector<SizeNode> children = std::move(to.children);
  children.reserve(children.size() + from.children.size());  // keys borrow their names
  for (std::size_t i = 0; i < children.size(); ++i) {
    known.emplace(Key{children[i].kind, children[i].name}, i);
  }
  for (const SizeNode& child : from.children) {
    auto found = known.find(Key{child.kind, child.name});
    if (found == known.end()) {
      children.push_back({child.name, child.kind});
      found = known.emplace(Key{child.kind, child.name}, children.size() - 1).first;
    }
    add_side(children[found->second], child, right);
  }
  to.children = std::move(children);
}

// What has a source in `other` alone goes below the same source here: the two files are of one
// project, and a function that only one symbol table attributes did not move.
void adopt_sources(SizeNode& node, const SizeNode& other) {
  if (node.kind == "c") {
    std::map<std::string_view, std::string_view> sources;
    for (const SizeNode& source : other.children) {
      for (const SizeNode& function : source.children) sources.emplace(function.name, source.name);
    }
    std::vector<SizeNode> functions = std::exchange(node.children, {});
    std::map<std::string, SizeNode, std::less<>> known;
    for (SizeNode& child : functions) {
      if (child.kind != "source") continue;
      std::string name = child.name;
      known.emplace(std::move(name), std::move(child));
    }
    for (SizeNode& child : functions) {
      const auto source = sources.find(child.name);
      if (child.kind == "source") continue;
      if (child.kind != "function" || source == sources.end()) {
        node.children.push_back(std::move(child));
        continue;
      }
      SizeNode& to = known[std::string(source->second)];
      to.name = source->second;
      to.kind = "source";
      to.bytes += child.bytes;
      to.children.push_back(std::move(child));
    }
    for (auto& [name, source] : known) node.children.push_back(std::move(source));
    return;
  }
  for (SizeNode& child : node.children) {
    const auto same = std::ranges::find_if(other.children, [&](const SizeNode& one) {
      return one.kind == child.kind && one.name == child.name;
    });
    if (same != other.children.end()) adopt_sources(child, *same);
  }
}

std::uint64_t change_of(const SizeNode& node) {
  return node.bytes > node.before ? node.bytes - node.before : node.before - node.bytes;
}

// How much a node matters: at least as much as each node below it.
struct Weighed {
  std::uint64_t change = 0, bytes = 0;
  auto operator<=>(const Weighed&) const = default;
};

Weighed own_weight(const SizeNode& node, bool difference) {
  return {difference ? change_of(node) : 0, std::max(node.bytes, node.before)};
}

struct Bound {
  bool difference = false;
  std::size_t longest = 0;
  Weighed least;  // of what stays
  LeftOut left_out;
};

Weighed weigh(const SizeNode& node, bool difference, std::vector<Weighed>& all) {
  Weighed weight = own_weight(node, difference);
  for (const SizeNode& child : node.children) {
    const Weighed below = weigh(child, difference, all);
    weight.change = std::max(weight.change, below.change);
    weight.bytes = std::max(weight.bytes, below.bytes);
  }
  all.push_back(weight);
  return weight;
}

std::size_t count_nodes(const SizeNode& node) {
  std::size_t out = 1;
  for (const SizeNode& child : node.children) out += count_nodes(child);
  return out;
}

void cut_name(std::string& name, std::size_t longest) {
  if (name.size() <= longest) return;
  while (longest > 0 && (static_cast<unsigned char>(name[longest]) & 0xc0U) == 0x80) --longest;
  name.resize(longest);
  name += "...";
}

void bound_node(SizeNode& node, Bound& bound) {
  cut_name(node.name, bound.longest);
  std::vector<SizeNode> kept;
  std::vector<SizeNode> small;
  for (SizeNode& child : node.children) {
    std::vector<Weighed> unused;
    const bool stays = weigh(child, bound.difference, unused) >= bound.least;
    (stays ? kept : small).push_back(std::move(child));
  }
  // One name says as much as one row for the rest.
  if (small.size() == 1) kept.push_back(std::move(std::exchange(small, {}).front()));
  for (SizeNode& child : kept) bound_node(child, bound);
  std::ranges::sort(kept, [&](const SizeNode& a, const SizeNode& b) {
    const Weighed x = own_weight(a, bound.difference), y = own_weight(b, bound.difference);
    return x != y ? x > y : a.name < b.name;
  });
  if (!small.empty()) {
    SizeNode rest{"", "rest"};
    std::size_t count = 0;
    for (const SizeNode& one : small) {
      rest.bytes += one.bytes;
      rest.before += one.before;
      count += count_nodes(one);
    }
    rest.name = fmt::format("({} smaller)", small.size());
    bound.left_out.nodes += count;
    bound.left_out.bytes += rest.bytes;
    kept.push_back(std::move(rest));
  }
  node.children = std::move(kept);
}

const GoArtifact* go_of(const FileReport& report, const std::string& arch) {
  for (const Artifact& slice : report.slices) {
    if (slice.arch == arch && slice.go) return &*slice.go;
  }
  return nullptr;
}

}  // namespace

Result<SizeNode> size_tree(const ObjectView& object, const GoArtifact* go) {
  const SizeReport sizes = TENON_TRY(size_report(object));
  const bool member = !object.member.empty();
  SizeNode out{member ? object.member : object.arch, member ? "member" : "slice",
               object.bytes.size(), 0, go_nodes(sizes, object, go)};
  std::uint64_t code = sizes.code;
  const std::uint64_t of_go = sum_of(out.children);
  if (code > of_go) {
    std::vector<SizeRow> rest = sizes.functions;
    std::erase_if(rest, [](const SizeRow& one) { return !one.package.empty(); });
    out.children.push_back(c_node(rest, code - of_go));
  }
  SizeNode data{"sections without code", "data", 0, 0, {}};
  for (const SizeRow& row : sizes.sections) {
    if (row.code) continue;
    data.bytes += row.bytes;
    data.children.push_back({row.name, "section", row.bytes, 0, {}});
  }
  if (data.bytes > 0) out.children.push_back(std::move(data));
  out.bytes = std::max(out.bytes, sum_of(out.children));
  return out;
}

Result<SizeNode> size_tree(const std::string& name, ByteView file, const FileReport& report) {
  SizeNode out{name, "file", file.size(), 0, {}};
  for (const ObjectView& object : TENON_TRY(object_views(file))) {
    if (auto tree = size_tree(object, go_of(report, object.arch))) {
      out.children.push_back(*std::move(tree));
    }
  }
  if (out.children.size() == 1 && out.children.front().bytes == out.bytes) {
    out.children = std::move(std::vector<SizeNode>(std::move(out.children)).front().children);
  } else if (const std::uint64_t sum = sum_of(out.children); sum < out.bytes) {
    out.children.push_back({"(headers, other members)", "section", out.bytes - sum, 0, {}});
  }
  out.bytes = std::max(out.bytes, sum_of(out.children));
  return out;
}

SizeNode difference_tree(const SizeNode& left, const SizeNode& right) {
  SizeNode before = left;
  SizeNode after = right;
  adopt_sources(before, right);
  adopt_sources(after, left);
  SizeNode out{right.name, right.kind};
  add_side(out, before, false);
  add_side(out, after, true);
  return out;
}

LeftOut bound_tree(SizeNode& root, bool difference, std::size_t most, std::size_t longest) {
  Bound bound{.difference = difference, .longest = longest, .least = {}, .left_out = {}};
  std::vector<Weighed> all;
  (void)weigh(root, bound.difference, all);
  if (all.size() > most && most > 0) {
    const auto last = all.begin() + static_cast<std::ptrdiff_t>(most);
    std::ranges::nth_element(all, last, std::greater());
    bound.least = *last;
    bound.least.bytes += 1;  // of many nodes of one size none stays
  }
  bound_node(root, bound);
  return bound.left_out;
}

Data tree_data(const SizeNode& root, bool difference) {
  Data out = Data::object();
  out.add("name", root.name);
  out.add("kind", root.kind);
  out.add("bytes", static_cast<std::int64_t>(root.bytes));
  if (difference) out.add("before", static_cast<std::int64_t>(root.before));
  if (root.children.empty()) return out;
  Data children = Data::array();
  for (const SizeNode& child : root.children) children.push(tree_data(child, difference));
  out.add("children", std::move(children));
  return out;
}

}  // namespace tenon
