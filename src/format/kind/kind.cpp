#include "format/kind/kind.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "format/kind/scan.h"
#include "format/pe/layout.h"
#include "format/pe/pe.h"

namespace tenon::kind {

namespace {

constexpr std::size_t looked_at = 4096;

struct Magic {
  std::string_view bytes;
  FileKind kind;
};

template <std::size_t N>
consteval Magic magic(const char (&bytes)[N], FileKind kind) {
  return {{bytes, N - 1}, kind};
}

constexpr std::array magics = {
    magic("\xfe\xed\xfa\xce", FileKind::macho),
    magic("\xfe\xed\xfa\xcf", FileKind::macho),
    magic("\xce\xfa\xed\xfe", FileKind::macho),
    magic("\xcf\xfa\xed\xfe", FileKind::macho),
    magic("\xca\xfe\xba\xbf", FileKind::macho_universal),
    magic("\x7f"
          "ELF",
          FileKind::elf),
    magic("!<thin>\n", FileKind::thin_archive),
    magic("go object ", FileKind::go_object),
    magic("\0asm", FileKind::wasm),
    magic("BC\xc0\xde", FileKind::llvm_bitcode),
    magic("\xde\xc0\x17\x0b", FileKind::llvm_bitcode),
    magic("xar!", FileKind::xar),
    magic("PK\x03\x04", FileKind::zip),
    magic("PK\x05\x06", FileKind::zip),
    magic("PK\x07\x08", FileKind::zip),
    magic("\x1f\x8b", FileKind::gzip),
    magic("#!", FileKind::shell_script),
};

// A Java class has its version here, which is at least 45; no universal file has 43 architectures.
FileKind universal_or_java(ByteView bytes) {
  static constexpr std::uint32_t most_slices = 42;
  const auto count = bytes.at<ub32>(4);
  return count && **count > most_slices ? FileKind::java_class : FileKind::macho_universal;
}

// cmd/internal/archive: the first member of a package is always __.PKGDEF.
FileKind archive_kind(std::string_view text) {
  static constexpr std::size_t member = 8, header_size = 60;
  const bool package = text.substr(member).starts_with("__.PKGDEF ");
  const bool from_go =
      package && text.substr(std::min(member + header_size, text.size())).starts_with("go object ");
  return from_go ? FileKind::go_object : FileKind::archive;
}

bool is_pe(ByteView bytes) {
  const auto dos = bytes.at<pe::DosHeader>(0);
  if (!dos || (*dos)->e_magic != pe::IMAGE_DOS_SIGNATURE) return false;
  const auto signature = bytes.at<ul32>((*dos)->e_lfanew);
  return signature && **signature == pe::IMAGE_NT_SIGNATURE;
}

// The last 512 bytes: magic, version 4, own size, all big-endian.
bool is_dmg(ByteView bytes) {
  static constexpr std::string_view start("koly\0\0\0\4\0\0\2\0", 12);
  static constexpr std::size_t trailer = 512;
  const std::string_view text = bytes.text();
  return text.size() >= trailer && text.substr(text.size() - trailer).starts_with(start);
}

std::string_view skip_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

// Versions 2 to 4 have a tag, version 1 begins with its architectures, version 5 is JSON whose keys
// are mostly sorted.
bool is_tbd(std::string_view text, std::string_view head) {
  head = skip_blanks(head);
  if (head.starts_with("--- !tapi-tbd")) return true;
  if (head.starts_with("---")) return skip_blanks(head.substr(3)).starts_with("archs:");
  if (!head.starts_with('{')) return false;
  static constexpr std::string_view version = "\"tapi_tbd_version\"";
  const std::string_view tail = text.substr(text.size() - std::min(text.size(), looked_at));
  return head.contains(version) || head.contains("\"main_library\"") || tail.contains(version);
}

bool is_script(std::string_view head) {
  const std::string_view start = skip_blanks(head);
  const std::string_view rest = skip_filler(start);
  const std::string_view comment = start.substr(0, start.size() - rest.size());
  if (comment.contains("GNU ld script")) return true;
  const std::string_view word = command_word(rest);
  const std::string_view behind = skip_filler(rest.substr(word.size()));
  return is_script_command(word) && (behind.starts_with('(') || behind.starts_with('{'));
}

// Bytes that a UTF-8 sequence with this first byte has; 0 when it cannot be one.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

bool is_text_control(unsigned char c) {
  return c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\b' || c == 0x1b;
}

// A sequence that the end of `head` cuts is still text.
bool is_text(std::string_view head) {
  for (std::size_t at = 0; at < head.size();) {
    const auto first = static_cast<unsigned char>(head[at]);
    if ((first < 0x20 && !is_text_control(first)) || first == 0x7f) return false;
    const std::size_t length = sequence_length(first);
    if (length == 0) return false;
    for (const char next : head.substr(at + 1, length - 1)) {
      if ((static_cast<unsigned char>(next) & 0xc0U) != 0x80) return false;
    }
    at += length;
  }
  return true;
}

FileKind text_kind(std::string_view text) {
  static constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  std::string_view head = text.substr(0, looked_at);
  if (!is_text(head)) return FileKind::unknown;
  if (head.starts_with(byte_order_mark)) head.remove_prefix(byte_order_mark.size());
  if (is_tbd(text, head)) return FileKind::tbd;
  if (is_script(head)) return FileKind::linker_script;
  return FileKind::text;
}

}  // namespace

std::string_view name(FileKind kind) {
  static constexpr std::array<std::string_view, 21> names = {
      "empty",     "mach-o", "universal", "java-class",  "elf",           "archive", "thin-archive",
      "go-object", "tbd",    "pe",        "coff-object", "linker-script", "wasm",    "bitcode",
      "dmg",       "xar",    "zip",       "gzip",        "shell-script",  "text",    "unknown"};
  static_assert(names.size() == static_cast<std::size_t>(FileKind::unknown) + 1);
  return names[static_cast<std::size_t>(kind)];
}

FileKind identify(ByteView bytes) {
  if (bytes.empty()) return FileKind::empty;
  const std::string_view text = bytes.text();
  const auto found = std::ranges::find_if(
      magics, [&](const Magic& known) { return text.starts_with(known.bytes); });
  if (found != magics.end()) return found->kind;
  if (text.starts_with("\xca\xfe\xba\xbe")) return universal_or_java(bytes);
  if (text.starts_with("!<arch>\n")) return archive_kind(text);
  if (is_pe(bytes)) return FileKind::pe;
  if (is_dmg(bytes)) return FileKind::dmg;
  if (pe::parse_object(bytes)) return FileKind::coff_object;
  return text_kind(text);
}

}  // namespace tenon::kind
