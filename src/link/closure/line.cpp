#include "link/closure/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "link/closure/closure.h"
#include "link/closure/given.h"
#include "link/closure/order.h"
#include "link/index/library.h"
#include "link/index/library_index.h"

namespace tenon::link {
namespace {

std::string_view ground_text(Ground ground) {
  switch (ground) {
    case Ground::object: return "part of the program";
    case Ground::whole: return "taken whole";
    case Ground::named: return "named by a module";
    case Ground::toolchain: return "of the compiler and the C library";
    case Ground::lists: return "listed by the shared library of the same name";
    case Ground::covers: break;
  }
  return "found by symbol";
}

const Choice* choice_of(const std::vector<Choice>& list, std::uint32_t library) {
  const auto found = std::ranges::find(list, library, &Choice::library);
  return found == list.end() ? nullptr : &*found;
}

class Writer {
 public:
  explicit Writer(const LineInput& input) : input_(input), index_(*input.index) {}

  std::vector<LineFlag> run() {
    const Dialect& dialect = input_.dialect;
    if (dialect.gnu && !dialect.sysroot.empty()) {
      // As two words cmd/go takes it among flags of the linker.
      out_.push_back({{"--sysroot", dialect.sysroot}, "where the C library is"});
    }
    for (const OrderedItem& item : input_.items) add_item(item);
    for (const Choice& one : input_.closure->shared) add_shared(one);
    if (input_.closure->cxx_runtime) {
      out_.push_back({{std::string(input_.dialect.cxx)}, "objects of C++ need its runtime"});
    }
    for (const GivenFlag& one : input_.others) {
      const auto same = [&](const LineFlag& flag) { return flag.words == one.words; };
      if (std::ranges::none_of(out_, same)) out_.push_back({one.words, one.origin});
    }
    for (LineFlag& one : parts_) out_.push_back(std::move(one));
    return std::move(out_);
  }

 private:
  void add_item(const OrderedItem& item) {
    LineFlag flag;
    for (const std::uint32_t number : item.archives) {
      const Library& library = index_.libraries[number];
      if (comes_with_driver(library)) continue;
      const Choice* choice = choice_of(input_.closure->archives, number);
      std::string origin = choice == nullptr ? std::string() : choice_text(index_, *choice);
      if (is_toolchain_library(library.name()) && !is_implied_library(library.name())) {
        add_part(library, std::move(origin));
        continue;
      }
      flag.words.push_back(library.path());
      if (!flag.origin.empty()) flag.origin += "; ";
      flag.origin += origin;
    }
    if (flag.words.empty()) return;
    if (flag.words.size() > 1 && input_.dialect.groups) {
      flag.words.insert(flag.words.begin(), "-Wl,--start-group");
      flag.words.emplace_back("-Wl,--end-group");
    }
    out_.push_back(std::move(flag));
  }

  // A versioned .so by its path is refused by cmd/go; -l: with the folder is not.
  void add_shared(const Choice& choice) {
    const Library& library = index_.libraries[choice.library];
    if (comes_with_driver(library)) return;
    std::string origin = choice_text(index_, choice);
    if (is_toolchain_library(library.name()) && !is_implied_library(library.name()))
      return add_part(library, std::move(origin));
    const bool gnu = input_.dialect.gnu;
    // Without -l: a library that has no link for -lX can only be given by its path.
    if (!gnu && !library.plain_link) {
      out_.push_back({{join_path(library.folder, library.loads_as)}, std::move(origin)});
      return;
    }
    if (folders_.insert(library.folder).second) {
      out_.push_back({{"-L" + library.folder}, "where the shared libraries are"});
      if (gnu) {
        out_.push_back({{"-Wl,-rpath-link," + library.folder}, "and those that they need"});
      }
    }
    out_.push_back({{gnu ? "-l:" + library.loads_as : "-l" + library.name()}, std::move(origin)});
  }

  // zig brings a C library and no runtime of gcc, whose objects may need it.
  [[nodiscard]] bool comes_with_driver(const Library& library) const {
    const bool of_gcc = library.name().starts_with("gcc");
    return is_implied_library(library.name()) && (input_.dialect.gnu || !of_gcc);
  }

  void add_part(const Library& library, std::string origin) {
    LineFlag flag{{"-l" + library.name()}, std::move(origin)};
    const auto same = [&](const LineFlag& one) { return one.words == flag.words; };
    if (std::ranges::none_of(parts_, same)) parts_.push_back(std::move(flag));
  }

  const LineInput& input_;
  const LibraryIndex& index_;
  std::set<std::string> folders_;
  std::vector<LineFlag> out_, parts_;
};

}  // namespace

std::string needer_text(const LibraryIndex& index, const Need& need) {
  if (need.library < 0) return "the program";
  const Library& library = index.libraries[static_cast<std::size_t>(need.library)];
  if (library.kind != LibraryKind::archive) return library.file;
  return fmt::format("{}({})", library.file, library.members[need.member].name);
}

std::string need_text(const LibraryIndex& index, const Need& need) {
  return fmt::format("{} of {}", index.names.text(need.symbol), needer_text(index, need));
}

std::string choice_text(const LibraryIndex& index, const Choice& choice) {
  if (choice.ground == Ground::whole || choice.ground == Ground::object) {
    return std::string(ground_text(choice.ground));
  }
  if (choice.first.symbol == 0 && choice.first.library < 0) return "named by a module";
  return fmt::format("{} needs {} ({})", needer_text(index, choice.first),
                     index.names.text(choice.first.symbol), ground_text(choice.ground));
}

std::vector<LineFlag> line_of(const LineInput& input) { return Writer(input).run(); }

}  // namespace tenon::link
