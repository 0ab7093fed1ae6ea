// What a field of an Artifact is, besides its value. Each struct of artifact.h has one fields()
// function, a call of visit(Field, member) a field, in the order of the JSON. All that handles
// whole artifacts walks these lists:
//   artifact_data.cpp   JSON out and in
//   artifact_text.cpp   the paragraph for people
//   diff.cpp            what --diff compares
//   artifact_docs.cpp   the tables of keys in docs/inspect.md
//   blank_artifact()    marks what a format does not have
// A new field is therefore a member, its line in fields(), and the reader that fills it.
#pragma once

#include <cstdint>
#include <string_view>

namespace tenon {

// Kinds of files, as bits: a field names those that can have it.
enum class Format : std::uint8_t { macho = 1, elf = 2, pe = 4, coff = 8, archive = 16, stub = 32 };

struct Formats {
  std::uint8_t bits = 0x3f;

  constexpr Formats() = default;
  constexpr Formats(Format one) : bits(static_cast<std::uint8_t>(one)) {}

  [[nodiscard]] constexpr bool has(Format one) const {
    return (bits & static_cast<std::uint8_t>(one)) != 0;
  }

  [[nodiscard]] constexpr bool all() const { return bits == 0x3f; }

  friend constexpr Formats operator|(Formats left, Formats right) {
    left.bits = static_cast<std::uint8_t>(left.bits | right.bits);
    return left;
  }
};

constexpr Formats operator|(Format left, Format right) { return Formats(left) | Formats(right); }

// What JSON has for a value of no length.
enum class Empty : std::uint8_t { null, kept, left_out };

// Where a row stands in the text; rows of one place keep the order of the fields. `none`: the field
// has no row of its own; artifact_text.cpp may show it together with others.
enum class Place : std::uint8_t {
  none,
  name,
  uuid,
  go,
  linked,
  compilers,
  linkage,
  loader,
  libc,
  glibc,
  needed,
  rpaths,
  symbols,
  dwarf,
  hardening,
  signature,
  commands,
};

struct TextRow {
  Place place = Place::none;
  std::string_view label{};
};

// What --diff puts a difference under, causes before effects. `none`: it is not compared.
enum class DiffGroup : std::uint8_t {
  none,
  toolchain,
  settings,
  modules,
  target,
  libraries,
  hardening,
  signature,
  identity,
  contents,
};

struct DiffName {
  DiffGroup group = DiffGroup::none;
  std::string_view name{};
  bool last = false;  // after the others of its group
};

struct Field {
  std::string_view key;  // of the JSON
  Formats formats{};     // elsewhere the fact is absent
  Empty empty = Empty::null;
  TextRow row{};
  DiffName diff{};
  // docs/inspect.md: what the value is, and when it is null. Without `about` the key stands in the
  // row of the next field.
  std::string_view about{}, null{};
};

}  // namespace tenon
