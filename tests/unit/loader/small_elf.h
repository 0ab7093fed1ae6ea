// Makes small ELF files for x86-64: what a loader reads and no code. Layouts are those of the gABI
// and of the LSB's "Symbol Versioning", written out here a second time, so that the reader is not
// its own judge.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace tenon::test {

struct SmallElf {
  struct Symbol {
    std::string name;
    bool defined = true;
    std::string version = {};  // defined here, or needed of `file`
    std::string file = {};
    bool plt = false;  // an undefined one is called, not read
    bool weak = false;
    bool hidden_version = false;
  };

  std::uint16_t type = 3;
  std::uint16_t machine = 62;
  std::string interpreter = {}, soname = {}, rpath = {}, runpath = {};
  std::vector<std::string> needed = {};
  std::vector<Symbol> symbols = {};
  std::vector<std::string> more_versions = {};  // defined without a symbol
  std::uint64_t flags_1 = 0;
  bool now = false;
  std::string tail = {};  // other bytes of the file

  [[nodiscard]] std::string bytes() const;
};

namespace small_elf {

template <class T>
void put(std::string& out, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  out.append(raw, sizeof(T));
}

inline std::uint32_t hash_of(const std::string& name) {
  std::uint32_t hash = 0;
  for (const char c : name) {
    hash = (hash << 4U) + static_cast<unsigned char>(c);
    const std::uint32_t top = hash & 0xf0000000U;
    hash = (hash ^ (top >> 24U)) & ~top;
  }
  return hash;
}

struct Strings {
  std::string text = std::string(1, '\0');

  std::uint32_t add(const std::string& one) {
    const auto at = static_cast<std::uint32_t>(text.size());
    text += one + '\0';
    return at;
  }
};

inline std::uint16_t index_of(std::vector<std::pair<std::string, std::string>>& versions,
                              const std::string& file, const std::string& name) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (versions[i] == std::pair{file, name}) return static_cast<std::uint16_t>(i + 2);
  }
  versions.emplace_back(file, name);
  return static_cast<std::uint16_t>(versions.size() + 1);
}

}  // namespace small_elf

inline std::string SmallElf::bytes() const {
  using namespace small_elf;
  Strings strings;
  std::vector<std::pair<std::string, std::string>> versions;  // file (empty: defined here), name
  for (const std::string& one : more_versions) index_of(versions, {}, one);
  std::string dynsym(24, '\0'), versym(2, '\0'), rela, plt, chain;
  std::uint32_t number = 0;
  bool defines = !more_versions.empty(), needs = false;
  for (const Symbol& one : symbols) {
    ++number;
    put(dynsym, strings.add(one.name));
    put<std::uint8_t>(dynsym, static_cast<std::uint8_t>(((one.weak ? 2 : 1) << 4) | 2));
    put<std::uint8_t>(dynsym, 0);
    put<std::uint16_t>(dynsym, one.defined ? 1 : 0);
    put<std::uint64_t>(dynsym, one.defined ? 0x1000 + number : 0);
    put<std::uint64_t>(dynsym, 8);
    std::uint16_t version = 1;
    if (!one.version.empty()) {
      version = index_of(versions, one.file, one.version);
      (one.file.empty() ? defines : needs) = true;
    }
    put<std::uint16_t>(versym,
                       static_cast<std::uint16_t>(version | (one.hidden_version ? 0x8000 : 0)));
    if (!one.defined) {
      std::string& table = one.plt ? plt : rela;
      put<std::uint64_t>(table, 0);
      put<std::uint64_t>(table, (std::uint64_t{number} << 32U) | (one.plt ? 7U : 6U));
      put<std::uint64_t>(table, 0);
    }
  }
  std::string hash;
  put<std::uint32_t>(hash, 1);
  put<std::uint32_t>(hash, number + 1);
  put<std::uint32_t>(hash, number);  // one chain of all, the last first
  put<std::uint32_t>(hash, 0);
  for (std::uint32_t i = 1; i <= number; ++i) put<std::uint32_t>(hash, i - 1);

  std::string verdef, verneed;
  std::uint32_t definitions = 0, files = 0;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (!versions[i].first.empty()) continue;
    ++definitions;
    put<std::uint16_t>(verdef, 1);
    put<std::uint16_t>(verdef, 0);
    put<std::uint16_t>(verdef, static_cast<std::uint16_t>(i + 2));
    put<std::uint16_t>(verdef, 1);
    put<std::uint32_t>(verdef, hash_of(versions[i].second));
    put<std::uint32_t>(verdef, 20);
    put<std::uint32_t>(verdef, 28);
    put<std::uint32_t>(verdef, strings.add(versions[i].second));
    put<std::uint32_t>(verdef, 0);
  }
  if (definitions > 0) {  // the last one ends the chain
    const std::uint32_t zero = 0;
    std::memcpy(verdef.data() + verdef.size() - 12, &zero, 4);
  }
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (versions[i].first.empty()) continue;
    ++files;  // one record for each version: valid, if wasteful
    put<std::uint16_t>(verneed, 1);
    put<std::uint16_t>(verneed, 1);
    put<std::uint32_t>(verneed, strings.add(versions[i].first));
    put<std::uint32_t>(verneed, 16);
    put<std::uint32_t>(verneed, 32);
    put<std::uint32_t>(verneed, hash_of(versions[i].second));
    put<std::uint16_t>(verneed, 0);
    put<std::uint16_t>(verneed, static_cast<std::uint16_t>(i + 2));
    put<std::uint32_t>(verneed, strings.add(versions[i].second));
    put<std::uint32_t>(verneed, 0);
  }
  if (files > 0) {
    const std::uint32_t zero = 0;
    std::memcpy(verneed.data() + verneed.size() - 20, &zero, 4);
  }

  std::vector<std::pair<std::uint64_t, std::uint64_t>> dynamic;
  for (const std::string& one : needed) dynamic.emplace_back(1, strings.add(one));
  if (!soname.empty()) dynamic.emplace_back(14, strings.add(soname));
  if (!rpath.empty()) dynamic.emplace_back(15, strings.add(rpath));
  if (!runpath.empty()) dynamic.emplace_back(29, strings.add(runpath));
  if (now) dynamic.emplace_back(24, 0);
  if (flags_1 != 0) dynamic.emplace_back(0x6ffffffb, flags_1);

  const std::size_t segments = interpreter.empty() ? 2 : 3;
  std::string body;
  const std::uint64_t start = 64 + segments * 56;
  const auto place = [&](const std::string& part) {
    while ((start + body.size()) % 8 != 0) body += '\0';
    const std::uint64_t at = start + body.size();
    body += part;
    return at;
  };
  dynamic.emplace_back(4, place(hash));
  dynamic.emplace_back(5, place(strings.text));
  dynamic.emplace_back(10, strings.text.size());
  dynamic.emplace_back(6, place(dynsym));
  dynamic.emplace_back(11, 24);
  if (!rela.empty()) {
    dynamic.emplace_back(7, place(rela));
    dynamic.emplace_back(8, rela.size());
  }
  if (!plt.empty()) {
    dynamic.emplace_back(23, place(plt));
    dynamic.emplace_back(2, plt.size());
    dynamic.emplace_back(20, 7);
  }
  if (defines || needs) dynamic.emplace_back(0x6ffffff0, place(versym));
  if (definitions > 0) {
    dynamic.emplace_back(0x6ffffffc, place(verdef));
    dynamic.emplace_back(0x6ffffffd, definitions);
  }
  if (files > 0) {
    dynamic.emplace_back(0x6ffffffe, place(verneed));
    dynamic.emplace_back(0x6fffffff, files);
  }
  std::string table;
  for (const auto& [tag, value] : dynamic) {
    put<std::uint64_t>(table, tag);
    put<std::uint64_t>(table, value);
  }
  table.append(16, '\0');
  const std::uint64_t dynamic_at = place(table);
  const std::uint64_t interpreter_at = place(interpreter + '\0');
  place(tail);

  std::string out("\177ELF\2\1\1", 7);
  out.append(9, '\0');
  put<std::uint16_t>(out, type);
  put<std::uint16_t>(out, machine);
  put<std::uint32_t>(out, 1);
  put<std::uint64_t>(out, 0x1000);
  put<std::uint64_t>(out, 64);
  put<std::uint64_t>(out, 0);
  put<std::uint32_t>(out, 0);
  for (const std::uint16_t one :
       {std::uint16_t{64}, std::uint16_t{56}, static_cast<std::uint16_t>(segments),
        std::uint16_t{64}, std::uint16_t{0}, std::uint16_t{0}}) {
    put(out, one);
  }
  const auto segment = [&](std::uint32_t kind, std::uint64_t at, std::uint64_t size,
                           std::uint64_t align) {
    put(out, kind);
    put<std::uint32_t>(out, 6);
    put(out, at);
    put(out, at);
    put(out, at);
    put(out, size);
    put(out, size);
    put(out, align);
  };
  segment(1, 0, start + body.size(), 4096);
  segment(2, dynamic_at, table.size(), 8);
  if (!interpreter.empty()) segment(3, interpreter_at, interpreter.size() + 1, 1);
  return out + body;
}

}  // namespace tenon::test
