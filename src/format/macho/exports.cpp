// The export trie and the function starts.
#include "format/macho/exports.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/macho/fixups.h"
#include "format/macho/leb.h"
#include "format/macho/load_commands.h"

namespace tenon::macho {
namespace {

constexpr const char* number = "number in the export trie";

// A walk over the trie. Every node is entered once, so that neither loops nor shared branches can
// unfold.
class TrieWalk {
 public:
  explicit TrieWalk(ByteView trie) : trie_(trie), seen_(static_cast<std::size_t>(trie.size())) {}

  // Calls `fn(const std::string& name, ByteView payload)`, which returns Result<void>, for every
  // exported name.
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
    // One of longest_name may have been cut. Edges that share text end alike and lead to one node,
    // so that no more than the trie is read. ld64 writes edges without text: as they leave the name
    // as it is, the depth needs a bound of its own.
    if (name_.size() + label.size() >= longest_name || stack_.size() > longest_name) {
      return fail(Errc::malformed, "edge of the export trie", trie_.base() + frame.next);
    }
    name_ += label;
    const Leb node = TENON_TRY(read_uleb(trie_, frame.next + label.size() + 1, number));
    frame.next = node.next;
    return node.value;
  }

  template <class Fn>
  Result<void> enter(std::uint64_t node, Fn& fn) {
    const Leb terminal = TENON_TRY(read_uleb(trie_, node, number));
    if (seen_[static_cast<std::size_t>(node)]) {
      return fail(Errc::malformed, "loop in the export trie", trie_.base() + node);
    }
    seen_[static_cast<std::size_t>(node)] = true;
    const ByteView payload =
        TENON_TRY(trie_.slice(terminal.next, terminal.value, "node of the export trie"));
    if (!payload.empty()) {
      if (auto taken = fn(std::as_const(name_), payload); !taken) return taken;
    }
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

// Adds `make(name, payload)` for each name to a list. A chain of nodes that all export unfolds to
// the square of its size, so that the list is measured first: real names take far less than the
// code that they name.
template <class T, class Make>
Result<std::vector<T>> unfold(const File& file, std::uint64_t room, Make make) {
  std::vector<T> list;
  if (!file.exports_trie() || file.exports_trie()->size == 0) return list;
  const ByteView trie = TENON_TRY(file.contents(*file.exports_trie()));
  std::size_t count = 0;
  auto measured = TrieWalk(trie).run([&](const std::string& name, ByteView) -> Result<void> {
    const std::uint64_t cost = name.size() + sizeof(T);
    if (cost > room) {
      return fail(Errc::malformed, "export trie unfolds to more than the file", trie.base());
    }
    room -= cost;
    ++count;
    return {};
  });
  if (!measured) return std::unexpected(measured.error());
  list.reserve(count);
  auto walked = TrieWalk(trie).run([&](const std::string& name, ByteView payload) -> Result<void> {
    list.push_back(TENON_TRY(make(name, payload)));
    return {};
  });
  if (!walked) return std::unexpected(walked.error());
  return list;
}

Result<void> read_reexport(const File& file, ByteView payload, const Leb& ordinal, Export& entry) {
  const auto library = static_cast<std::int64_t>(ordinal.value);
  if (!is_library_ordinal(file, library)) {
    return fail(Errc::malformed, "library of a re-export", payload.base());
  }
  entry.library_ordinal = static_cast<int>(library);
  entry.import_name = TENON_TRY(payload.cstr(ordinal.next, "name of a re-export"));
  return {};
}

Result<Export> read_entry(const File& file, std::uint64_t base, const std::string& name,
                          ByteView payload) {
  const Leb flags = TENON_TRY(read_uleb(payload, 0, number));
  if (flags.value >> 6 != 0) {
    return fail(Errc::unsupported, "flags of an exported symbol", payload.base());
  }
  Export entry;
  entry.name = name;
  entry.flags = flags.value;
  const Leb value = TENON_TRY(read_uleb(payload, flags.next, number));
  if (entry.is_reexport()) {
    if (auto read = read_reexport(file, payload, value, entry); !read) {
      return std::unexpected(read.error());
    }
    return entry;
  }
  entry.address = entry.is_absolute() ? value.value : base + value.value;
  if (entry.has_resolver()) {
    entry.resolver = base + TENON_TRY(read_uleb(payload, value.next, number)).value;
  }
  return entry;
}

// Calls `fn(std::uint64_t address)` for every function. A difference of 0 ends the list: the rest
// is padding.
template <class Fn>
Result<void> visit_functions(const File& file, ByteView deltas, Fn fn) {
  std::uint64_t address = file.base_address();
  for (std::uint64_t at = 0; at < deltas.size();) {
    const Leb delta = TENON_TRY(read_uleb(deltas, at, "function starts"));
    if (delta.value == 0) break;
    address += delta.value;
    at = delta.next;
    fn(address);
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> File::exports() const {
  return unfold<std::string>(*this, bytes_.size() + 4096, [](const std::string& name, ByteView) {
    return Result<std::string>(name);
  });
}

Result<std::vector<Export>> export_entries(const File& file) {
  const std::uint64_t base = file.base_address();
  const auto make = [&](const std::string& name, ByteView payload) {
    return read_entry(file, base, name, payload);
  };
  return unfold<Export>(file, 2 * file.bytes().size() + 4096, make);
}

Result<std::vector<std::uint64_t>> function_starts(const File& file) {
  std::vector<std::uint64_t> starts;
  if (!file.function_starts_data() || file.function_starts_data()->size == 0) return starts;
  const ByteView deltas = TENON_TRY(file.contents(*file.function_starts_data()));
  std::size_t count = 0;
  auto counted = visit_functions(file, deltas, [&](std::uint64_t) { ++count; });
  if (!counted) return std::unexpected(counted.error());
  if (count > (2 * file.bytes().size() + 4096) / sizeof(std::uint64_t)) {
    return fail(Errc::malformed, "more functions than the file can hold", deltas.base());
  }
  starts.reserve(count);
  auto read = visit_functions(file, deltas, [&](std::uint64_t at) { starts.push_back(at); });
  if (!read) return std::unexpected(read.error());
  return starts;
}

Result<std::vector<DataInCode>> data_in_code(const File& file) {
  struct Entry {
    ul32 offset;
    ul16 length, kind;
  };
  std::vector<DataInCode> out;
  Range range;
  file.for_each_command([&](std::uint32_t cmd, ByteView command) {
    const auto words = command.array<ul32>(0, 4);
    if (cmd == LC_DATA_IN_CODE && words) range = {(*words)[2], (*words)[3]};
  });
  if (range.size == 0) return out;
  const ByteView bytes = TENON_TRY(file.contents(range));
  const auto entries = TENON_TRY(bytes.array<Entry>(0, bytes.size() / sizeof(Entry)));
  out.reserve(entries.size());
  // Offsets count from the header, which the first segment maps.
  for (const Entry& entry : entries) {
    out.push_back({file.base_address() + entry.offset, entry.length});
  }
  return out;
}

}  // namespace tenon::macho
