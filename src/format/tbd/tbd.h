// Text stubs of Mach-O libraries (.tbd): reads versions 1 to 4 (a YAML subset) and 5 (JSON), writes
// version 4, and rewrites version 4 for linkers that know fewer targets than the stub.
// Rules: the TextAPI library of LLVM (TextStub.cpp, TextStubV5.cpp, Architecture.def), which
// ld64.lld uses; the stubs that Apple and zig ship.
//
// Ownership: Document, NameList and names borrow the text. Names come as written between their
// quotes; escapes are left in place, no symbol that was seen has one. Offsets in errors are file
// offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::tbd {

// The names of one list, read from the text while iterating: nothing is copied.
class NameList {
 public:
  enum class Form : std::uint8_t {
    flow,     // a, 'b', "c"     (what stands between the brackets; JSON arrays too)
    block,    // lines of "- a"
    targets,  // JSON objects; the values of their key "target"
  };

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = std::string_view;
    using pointer = const std::string_view*;
    using reference = std::string_view;

    Iterator() = default;

    Iterator(std::string_view rest, Form form) : rest_(rest), form_(form) { ++*this; }

    std::string_view operator*() const { return current_; }

    Iterator& operator++();

    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }

    // Equal when both are at the end: the only comparison that a loop needs.
    bool operator==(const Iterator& other) const { return done_ && other.done_; }

   private:
    std::string_view rest_, current_;
    Form form_ = Form::flow;
    bool done_ = true;
  };

  NameList() = default;

  explicit NameList(std::string_view text, Form form = Form::flow) : text_(text), form_(form) {}

  [[nodiscard]] Iterator begin() const { return {text_, form_}; }

  [[nodiscard]] Iterator end() const { return {}; }

  [[nodiscard]] bool empty() const { return begin() == end(); }

  [[nodiscard]] bool contains(std::string_view name) const;

 private:
  std::string_view text_;
  Form form_ = Form::flow;
};

enum class ItemKind : std::uint8_t { exports, reexports, undefineds };

// One entry of exports, reexports or undefineds.
struct Item {
  ItemKind kind = ItemKind::exports;
  NameList targets;  // architectures before version 4; empty in version 5 means all
  NameList symbols, weak_symbols, thread_local_symbols;
  // Without _OBJC_CLASS_$_ and the like; with one leading '_' before version 4.
  NameList objc_classes, objc_eh_types, objc_ivars;
};

struct ReexportedLibraries {
  NameList targets, libraries;
};

struct Document {
  int version = 4;  // tbd-version: 1 to 5
  std::string_view install_name, current_version, compatibility_version;
  NameList targets;           // "arm64-macos"; architectures before version 4
  std::string_view platform;  // before version 4: "macosx", "ios", "zippered"
  std::vector<ReexportedLibraries> reexported_libraries;
  std::vector<Item> items;

  // Whether a list of this document covers `target`, e.g. "arm64-macos".
  [[nodiscard]] bool covers(const NameList& list, std::string_view target) const;

  // Whether the library exists for `target` at all.
  [[nodiscard]] bool exports_for(std::string_view target) const { return covers(targets, target); }

  // Whether `symbol` ("_malloc") is among the plain, weak or thread-local names that the document
  // exports or re-exports for `target`. Linear.
  [[nodiscard]] bool exports(std::string_view symbol, std::string_view target) const;
};

// All documents of a stub, the library itself first. malformed for text that is no stub or a list
// or string without an end; unsupported for an unknown version.
[[nodiscard]] Result<std::vector<Document>> read(ByteView text);

// What a stub is made of. Empty lists are left out.
struct Stub {
  std::string install_name;                       // "/usr/lib/libresolv.9.dylib"
  std::string current_version;                    // "1.2.3"; empty: left out, which means 1
  std::vector<std::string> targets;               // "arm64-macos"
  std::vector<std::string> reexported_libraries;  // install names
  std::vector<std::string> symbols, weak_symbols, thread_local_symbols;
  std::vector<std::string> objc_classes, objc_eh_types, objc_ivars;
};

// A version 4 stub of one document that ld64.lld 19 and zig 0.14 to 0.17 accept. Lists keep their
// order.
[[nodiscard]] std::string write(const Stub& stub);

// A copy for linkers that stop at an architecture they do not know and that want arm64-macos named:
// in every list of targets, names whose architecture is not in LLVM 19's Architecture.def go, and
// arm64-macos is added before arm64e-macos where it is missing. All else stays byte for byte.
// Version 4 only; text of another version comes back unchanged.
[[nodiscard]] std::string normalise(std::string_view original_text);

}  // namespace tenon::tbd
