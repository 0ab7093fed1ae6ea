// What a file wants from others and gives to them: imports, the export trie, linker options.
#include <utility>

#include "format/macho/macho.h"

namespace tenon::macho {
namespace {

struct Uleb {
  std::uint64_t value = 0, next = 0;
};

Result<Uleb> read_uleb(ByteView bytes, std::uint64_t at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = std::to_integer<std::uint64_t>(
        *TENON_TRY(bytes.at<std::byte>(at++, "number in the export trie")));
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return Uleb{value, at};
  }
  return fail(Errc::malformed, "number in the export trie", bytes.base() + at);
}

// A walk over the trie of <mach-o/loader.h> ("The symbols exported by a dylib are encoded in a
// trie"). Every node is entered once, so that neither loops nor shared branches can unfold.
class TrieWalk {
 public:
  explicit TrieWalk(ByteView trie) : trie_(trie), seen_(static_cast<std::size_t>(trie.size())) {}

  // Calls `fn(const std::string&)` for every exported name.
  template <class Fn>
  Result<void> run(Fn fn) {
    if (auto entered = enter(0, fn); !entered) return entered;
    while (!stack_.empty()) {
      Frame& frame = stack_.back();
      if (frame.children == 0) {
        stack_.pop_back();
        continue;
      }
      name_.resize(frame.name_size);
      --frame.children;
      const std::uint64_t node = TENON_TRY(read_edge(frame));
      if (auto entered = enter(node, fn); !entered) return entered;
    }
    return {};
  }

 private:
  struct Frame {
    std::uint64_t next = 0;  // offset of the next edge
    std::size_t name_size = 0;
    unsigned children = 0;
  };

  Result<std::uint64_t> read_edge(Frame& frame) {
    const std::string_view label = bounded_name(trie_.text(), frame.next);
    // An edge without text would let a loop grow without growing the name.
    if (label.empty() || name_.size() + label.size() > longest_name) {
      return fail(Errc::malformed, "edge of the export trie", trie_.base() + frame.next);
    }
    name_ += label;
    const Uleb node = TENON_TRY(read_uleb(trie_, frame.next + label.size() + 1));
    frame.next = node.next;
    return node.value;
  }

  template <class Fn>
  Result<void> enter(std::uint64_t node, Fn& fn) {
    const Uleb terminal = TENON_TRY(read_uleb(trie_, node));
    if (seen_[static_cast<std::size_t>(node)]) {
      return fail(Errc::malformed, "loop in the export trie", trie_.base() + node);
    }
    seen_[static_cast<std::size_t>(node)] = true;
    if (!trie_.contains(terminal.next, terminal.value)) {
      return fail(Errc::truncated, "node of the export trie", trie_.base() + node);
    }
    if (terminal.value != 0) fn(std::as_const(name_));
    const std::uint64_t count_at = terminal.next + terminal.value;
    const auto count = *TENON_TRY(trie_.at<std::uint8_t>(count_at, "node of the export trie"));
    stack_.push_back({count_at + 1, name_.size(), count});
    return {};
  }

  ByteView trie_;
  std::vector<bool> seen_;
  std::vector<Frame> stack_;
  std::string name_;
};

struct TrieSize {
  std::size_t names = 0;
  std::uint64_t bytes = 0;
};

Result<TrieSize> measure(ByteView trie) {
  TrieSize size;
  auto walked = TrieWalk(trie).run([&](const std::string& name) {
    ++size.names;
    size.bytes += name.size() + sizeof(std::string);
  });
  if (!walked) return std::unexpected(walked.error());
  return size;
}

Result<std::vector<std::string_view>> read_options(ByteView command, std::uint64_t most) {
  const auto* raw = TENON_TRY(command.at<LinkerOptionCommand>(0, "linker option command"));
  if (raw->count >= most) return fail(Errc::malformed, "too many linker options", command.base());
  std::vector<std::string_view> options;
  std::uint64_t at = sizeof(LinkerOptionCommand);
  for (std::uint32_t i = 0; i < raw->count; ++i) {
    options.push_back(TENON_TRY(command.cstr(at, "linker option")));
    at += options.back().size() + 1;
  }
  return options;
}

}  // namespace

Result<std::vector<Import>> File::imports() const {
  std::size_t count = 0;
  auto counted = for_each_symbol([&](const Symbol& s) { count += is_undefined(s) ? 1 : 0; });
  if (!counted) return std::unexpected(counted.error());
  std::vector<Import> imports;
  imports.reserve(count);
  auto read = for_each_symbol([&](const Symbol& s) {
    if (!is_undefined(s)) return;
    imports.push_back({s.name, static_cast<std::uint8_t>(s.n_desc >> 8), is_weak_ref(s)});
  });
  if (!read) return std::unexpected(read.error());
  return imports;
}

Result<std::vector<std::string>> File::exports() const {
  std::vector<std::string> names;
  if (!exports_trie_ || exports_trie_->size == 0) return names;
  const ByteView trie = TENON_TRY(contents(*exports_trie_));
  const TrieSize size = TENON_TRY(measure(trie));
  // A chain of nodes that all export unfolds to the square of its size. Real names take far less
  // than the code that they name.
  if (size.bytes > bytes_.size() + 4096) {
    return fail(Errc::malformed, "export trie unfolds to more than the file", trie.base());
  }
  names.reserve(size.names);
  auto walked = TrieWalk(trie).run([&](const std::string& name) { names.push_back(name); });
  if (!walked) return std::unexpected(walked.error());
  return names;
}

Result<std::vector<std::vector<std::string_view>>> File::auto_link_options() const {
  // Lists of short strings would cost many times the bytes that they take in the file.
  std::uint64_t room = 1024 + bytes_.size() / 64;
  std::vector<std::vector<std::string_view>> all;
  std::optional<Error> error;
  for_each_command([&](std::uint32_t cmd, ByteView command) {
    if (error || cmd != LC_LINKER_OPTION) return;
    auto options = read_options(command, room);
    if (!options) {
      error = options.error();
      return;
    }
    room -= options->size() + 1;
    all.push_back(std::move(*options));
  });
  if (error) return std::unexpected(*error);
  return all;
}

}  // namespace tenon::macho
