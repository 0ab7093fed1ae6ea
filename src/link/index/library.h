// What the index knows of one library file: an archive, a shared library or a linker script in the
// place of one. Only names of symbols and how they are bound; no code is looked at.
//
// Rules: gABI chapter 4 for bindings; ld's manual for which members an archive gives (a strong
// reference takes the first member that defines the symbol, strong, weak or common alike; a weak
// one takes none); libX.so of glibc for scripts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "format/kind/kind.h"
#include "link/index/symbol_names.h"

namespace tenon::link {

enum class Binding : std::uint8_t { strong, weak, common, unique };

// A symbol and its binding in one word: an index holds hundreds of thousands of them.
class BoundSymbol {
 public:
  static constexpr std::uint32_t most = std::uint32_t{1} << 30U;

  BoundSymbol() = default;
  BoundSymbol(SymbolId symbol, Binding binding)
      : word_((symbol << 2U) | static_cast<std::uint32_t>(binding)) {}

  [[nodiscard]] static BoundSymbol of_word(std::uint32_t word) {
    BoundSymbol out;
    out.word_ = word;
    return out;
  }
  [[nodiscard]] std::uint32_t word() const { return word_; }
  [[nodiscard]] SymbolId symbol() const { return word_ >> 2U; }
  [[nodiscard]] Binding binding() const { return static_cast<Binding>(word_ & 3U); }
  [[nodiscard]] bool weak() const { return binding() == Binding::weak; }

  friend bool operator==(const BoundSymbol&, const BoundSymbol&) = default;

 private:
  std::uint32_t word_ = 0;
};

// An object in an archive; its symbols are a range of the library's lists.
struct LibraryMember {
  std::string name;
  std::uint32_t first_definition = 0, definitions = 0;
  std::uint32_t first_reference = 0, references = 0;

  friend bool operator==(const LibraryMember&, const LibraryMember&) = default;
};

enum class LibraryKind : std::uint8_t { archive, shared, script };

enum class LibraryState : std::uint8_t {
  usable,
  empty,          // an archive without objects, as glibc's libpthread.a
  wrong_machine,  // `why` says for which it is, and which member says so
  unreadable,     // `why` says what stood in the way; never the same as absent
};

// Which state of a file the facts are about.
struct LibraryStamp {
  std::uint64_t size = 0, inode = 0;
  std::int64_t modified_ns = 0, changed_ns = 0;
  // Of the bytes, where the times do not tell every change; 0 where they do.
  std::uint64_t content = 0;

  friend bool operator==(const LibraryStamp&, const LibraryStamp&) = default;
};

struct Library {
  std::string folder, file;        // where the linker finds it: a plain "libX.so" before others
  std::vector<std::string> names;  // "xml2" of libxml2.a, libxml2.so and libxml2.so.2; links: all
  LibraryKind kind = LibraryKind::archive;
  LibraryState state = LibraryState::usable;
  std::string why;
  std::string machine;  // GOARCH, or a number that has none
  LibraryStamp stamp;
  bool thin = false;
  bool cxx = false;                      // a member needs a C++ runtime
  bool plain_link = false;               // "libX.so": what -lX takes; false for a versioned name
  bool outside = false;                  // in a folder that no linker searches by itself
  std::vector<LibraryMember> members;    // of archives
  std::vector<BoundSymbol> definitions;  // of all members, or what a shared library exports
  std::vector<BoundSymbol> references;   // of all members; of a shared library none are kept
  std::string soname;                    // of shared libraries
  std::string loads_as;                  // the name in the folder that is the soname
  std::vector<std::string> needed;
  std::vector<kind::ScriptInput> inputs;  // of scripts

  [[nodiscard]] std::string path() const { return folder + '/' + file; }
  // The name for people: "xml2".
  [[nodiscard]] const std::string& name() const { return names.front(); }
  [[nodiscard]] std::span<const BoundSymbol> defined_by(const LibraryMember& member) const {
    return std::span(definitions).subspan(member.first_definition, member.definitions);
  }
  [[nodiscard]] std::span<const BoundSymbol> needed_by(const LibraryMember& member) const {
    return std::span(references).subspan(member.first_reference, member.references);
  }
  [[nodiscard]] bool usable_archive() const {
    return kind == LibraryKind::archive && state == LibraryState::usable;
  }
  [[nodiscard]] bool usable_shared() const {
    return kind == LibraryKind::shared && state == LibraryState::usable;
  }
};

// "xml2" of "libxml2.a", "libxml2.so.2.9.14"; empty for what is no library by its name.
[[nodiscard]] std::string_view library_name(std::string_view file);
// "ld-linux-aarch64.so.1"
[[nodiscard]] bool is_loader_name(std::string_view file);
// Whether the file is an archive, or a shared library, by its name alone.
[[nodiscard]] bool is_archive_name(std::string_view file);
[[nodiscard]] bool is_shared_name(std::string_view file);

// Archives that serve one program or one way to build, and never a link that was not told to:
// position-independent and profiling twins, sanitizers. libc_nonshared.a is none of them: libc.so
// adds it (link/closure).
[[nodiscard]] bool is_never_chosen(std::string_view file);

}  // namespace tenon::link
