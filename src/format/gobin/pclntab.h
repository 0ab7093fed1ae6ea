// The function table of a Go program, which the runtime needs and `strip` therefore leaves alone:
// names of functions in files without symbols, and a range for the Go version.
// Rules: src/debug/gosym/pclntab.go and src/runtime/symtab.go (pcHeader, _func) of Go for the
// layouts of 1.2, 1.16, 1.18 and 1.20; src/internal/abi/symtab.go for the magic numbers.
//
// src/debug/gosym/symtab.go (Sym.PackageName) and src/cmd/internal/objabi/path.go for package
// paths.
//
// Ownership: Pclntab and names borrow the bytes. Offsets in errors are file offsets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace tenon::gobin {

enum class PclnLayout : std::uint8_t { go12, go116, go118, go120 };

// Versions of Go that write a layout; `last` is empty while it is the current one.
struct GoVersionRange {
  std::string_view first, last;  // "1.18", "1.19"
};

[[nodiscard]] GoVersionRange version_range(PclnLayout layout);

class Pclntab {
 public:
  // The table that begins at the start of `bytes`: the section .gopclntab, .data.rel.ro.gopclntab
  // or __gopclntab. malformed when there is none or when its parts lie outside.
  static Result<Pclntab> parse(ByteView bytes);

  // The first table that begins at a multiple of 8 in `bytes`, for files without sections.
  [[nodiscard]] static std::optional<Pclntab> find(ByteView bytes);

  [[nodiscard]] PclnLayout layout() const { return layout_; }

  [[nodiscard]] std::uint8_t pointer_size() const { return pointer_size_; }

  [[nodiscard]] bool big_endian() const { return big_endian_; }

  // Number of functions; each entry has room in the file.
  [[nodiscard]] std::uint64_t size() const { return count_; }

  // "main._Cfunc_sqrt". Cut at 16 KiB; empty when the entry points outside of the table.
  [[nodiscard]] std::string_view function_name(std::uint64_t index) const;

  [[nodiscard]] ByteView bytes() const { return bytes_; }

  // All names of functions, inlined ones included, each ended by a NUL: for one search over all of
  // them. Before Go 1.16 other data lies between them.
  [[nodiscard]] ByteView name_text() const { return names_; }

  // The names of source files, each ended by a NUL; empty before Go 1.16.
  [[nodiscard]] ByteView file_text() const { return files_; }

  // The address that entries count from since Go 1.18 (runtime.text). The header has it up to Go
  // 1.25, and there only where no loader has to add a base; 0 when it has none, then entries are
  // offsets into the text. Absent, that is 0, in older layouts, whose entries are addresses.
  [[nodiscard]] std::uint64_t text_start() const { return text_start_; }

  // For a caller who knows better, from the symbol runtime.text or the text section.
  void set_text_start(std::uint64_t address) { text_start_ = address; }

  // Virtual address of the first instruction; `index` of size() gives the end of the last function.
  // Before Go 1.18 a file that is loaded anywhere (PIE, c-shared) may hold what the relocations
  // replace. nullopt when `index` is too large or the entry is not in the file.
  [[nodiscard]] std::optional<std::uint64_t> function_entry_address(std::uint64_t index) const;

  // Bytes up to the next function, padding included; sums to the whole of the Go text. 0 when
  // addresses do not rise or are not in the file.
  [[nodiscard]] std::uint64_t function_size(std::uint64_t index) const;

 private:
  [[nodiscard]] std::optional<std::uint64_t> entry(std::uint64_t index) const;
  [[nodiscard]] Result<std::uint64_t> word(ByteView bytes, std::uint64_t offset,
                                           std::uint64_t size) const;
  Result<ByteView> part(std::uint64_t index) const;
  Result<void> read_identity();
  Result<void> read_tables();

  PclnLayout layout_ = PclnLayout::go120;
  bool big_endian_ = false;
  std::uint8_t pointer_size_ = 8;
  std::uint64_t count_ = 0;
  std::uint64_t text_start_ = 0;
  std::uint64_t field_size_ = 4;  // of one of the two words of an entry of the function table
  std::uint64_t entry_size_ = 4;  // of the first field of _func, in front of the name offset
  ByteView bytes_, names_, files_, functions_, entries_;
};

// The part of a function's name that stands for its package, as the linker writes it:
// "github.com/a/b%2ec.(*T).M" -> "github.com/a/b%2ec". Borrows `name`. Empty for what the compiler
// makes for types ("type:.eq.[2]string", "type..hash.main.T") and for C functions. The old "go."
// counts as the compiler's only in front of a type literal, so that go.example/x keeps its package.
[[nodiscard]] std::string_view go_symbol_prefix(std::string_view name);

// The import path behind that: "github.com/a/b.c". A prefix with a broken escape comes back as it
// is. Sums over many functions go faster by prefix.
[[nodiscard]] std::string go_symbol_package(std::string_view name);

}  // namespace tenon::gobin
