// Libraries of an index in memory, by the names of their symbols.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/closure/closure.h"
#include "link/index/library_index.h"

namespace tenon::test {

// "f" is defined or needed; "?f" is weak.
using Names = std::vector<std::string>;

struct Obj {
  std::string name;
  Names defines, needs;
};

inline void add_symbols(link::SymbolNames& names, const Names& list,
                        std::vector<link::BoundSymbol>& to) {
  for (const std::string& one : list) {
    const bool weak = one.starts_with('?');
    to.emplace_back(names.intern(weak ? one.substr(1) : one),
                    weak ? link::Binding::weak : link::Binding::strong);
  }
}

inline link::Library archive_of(link::SymbolNames& names, const std::string& name,
                                const std::vector<Obj>& objects) {
  link::Library out;
  out.folder = "/s/usr/lib";
  out.file = "lib" + name + ".a";
  out.names = {name};
  for (const Obj& object : objects) {
    link::LibraryMember member;
    member.name = object.name;
    member.first_definition = static_cast<std::uint32_t>(out.definitions.size());
    member.first_reference = static_cast<std::uint32_t>(out.references.size());
    add_symbols(names, object.defines, out.definitions);
    add_symbols(names, object.needs, out.references);
    member.definitions =
        static_cast<std::uint32_t>(out.definitions.size()) - member.first_definition;
    member.references = static_cast<std::uint32_t>(out.references.size()) - member.first_reference;
    out.members.push_back(std::move(member));
  }
  if (objects.empty()) out.state = link::LibraryState::empty;
  return out;
}

// An index that is made step by step; done() must be called before it is asked.
struct IndexBuilder {
  link::LibraryIndex index;

  IndexBuilder& archive(const std::string& name, const std::vector<Obj>& objects) {
    index.libraries.push_back(archive_of(index.names, name, objects));
    return *this;
  }
  IndexBuilder& shared(const std::string& name, const Names& exports, const Names& needed = {}) {
    link::Library out;
    out.folder = "/s/usr/lib";
    out.file = "lib" + name + ".so";
    out.names = {name};
    out.kind = link::LibraryKind::shared;
    out.plain_link = true;
    out.soname = out.loads_as = "lib" + name + ".so.1";
    for (const std::string& one : needed) out.needed.push_back("lib" + one + ".so.1");
    add_symbols(index.names, exports, out.definitions);
    index.libraries.push_back(std::move(out));
    return *this;
  }
  // Without a C library nothing can be missing.
  IndexBuilder& done(bool libc = true) {
    if (libc && index.libraries.end() ==
                    std::ranges::find(index.libraries, "libc.so", &link::Library::file)) {
      shared("c", {"of_libc"});
    }
    index.finish();
    return *this;
  }
  [[nodiscard]] link::Library object(const Names& needs, const Names& defines = {"main"}) {
    return archive_of(index.names, "main", {{"main.o", defines, needs}});
  }
  [[nodiscard]] std::uint32_t number(const std::string& file) const {
    for (std::size_t i = 0; i < index.libraries.size(); ++i) {
      if (index.libraries[i].file == file) return static_cast<std::uint32_t>(i);
    }
    return 0;
  }
  [[nodiscard]] Names files(const std::vector<link::Choice>& list) const {
    Names out;
    for (const link::Choice& one : list) out.push_back(index.libraries[one.library].file);
    return out;
  }
};

}  // namespace tenon::test
