// Which package has a file, by the index of files that a distribution publishes: Debian's Contents,
// a line "usr/include/pcap.h   libdevel/libpcap0.8-dev" for each file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/packages.h"

namespace tenon {

// What a build or a program did not find, by the name in its log: "pcap.h", "libpcap", "pcap" of
// -lpcap, "protoc", and "libpcap.so.1" that a loader looks for.
struct SoughtFile {
  enum class Kind : std::uint8_t { header, pc, library, program, loaded };
  Kind kind = Kind::header;
  std::string name;

  friend bool operator==(const SoughtFile&, const SoughtFile&) = default;
};

// The package that has it.
struct PackageOfFile {
  SoughtFile file;
  std::string package;
  std::string path;  // in the package; empty when only the name of the package was looked up
};

// What the machine's own index told of the files that a log misses.
struct PackageLookup {
  bool asked = false;
  std::string source;   // "apt's index of bookworm"; empty: the machine has none at hand
  std::string program;  // whose names these are: "apt-get", "dnf" or "apk"
  std::vector<PackageOfFile> found;

  // By the name in the log; nullptr when the index does not have it.
  [[nodiscard]] const PackageOfFile* find(std::string_view name) const;
};

// Reads an index line by line, in any order. A header in /usr/include goes before one a directory
// below it, which a .pc file leads to. Of several packages with one path the table's wins
// (platform/packages.h), then one for developers, then the shortest name. A package that the table
// has for just this file stays where the release has a package of that name: it may bring the other
// one and have no file itself, as libpcap-dev does with libpcap0.8-dev.
class ContentsSearch {
 public:
  using Column = std::string_view LibraryPackages::*;

  // `column`: the distribution's own in the table.
  ContentsSearch(std::vector<SoughtFile> wanted, Column column);

  void line(std::string_view text);
  // The same for bytes as they come, and none at the end: an index has millions of lines, of which
  // few are looked at.
  void bytes(std::string_view part);
  // Whether nothing that follows can change the answers much.
  [[nodiscard]] bool complete() const;
  [[nodiscard]] std::vector<PackageOfFile> answers() const;

 private:
  struct Wanted {
    SoughtFile file;
    std::string table;      // its package in the table; may be empty
    bool by_name = false;   // the table names this very file
    bool in_index = false;  // a package of the table's name
    int rank = 0;           // of the best path so far, 0: none
    std::string path;
    std::string package;

    [[nodiscard]] bool keeps_table() const { return by_name && in_index; }
  };
  static void offer(Wanted& wanted, int rank, std::string_view path, std::string_view packages);

  std::vector<Wanted> wanted_;
  std::vector<std::string> needles_;  // one of them is in each line that counts
  std::string rest_;                  // the beginning of a line
};

}  // namespace tenon
