#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/columns.h"
#include "base/fact.h"
#include "base/shown.h"
#include "base/text.h"
#include "diag/render/render.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/show.h"
#include "inspect/size.h"

namespace tenon {
namespace {

// Rows of "label  value" in the order of their places; a row without a value is left out.
class Rows {
 public:
  void add(Place place, std::string_view label, std::string_view value) {
    if (!value.empty()) rows_.push_back({place, Shown::of(label), std::string(value)});
  }

  // What is not known is said; what is not there is not.
  void add(Place place, std::string_view label, const TextFact& fact) {
    if (fact.known()) add(place, label, fact.value);
    if (fact.state == FactState::unknown) add(place, label, "unknown: " + fact.why);
  }

  [[nodiscard]] Shown text(const TextStyle& style, std::size_t width) {
    std::ranges::stable_sort(rows_, {}, &Row::place);
    Shown out;
    for (const Row& row : rows_) {
      const Shown padded = shown_format("{:12}", row.label);
      out += style.colour ? shown_format("  \x1b[2m{}\x1b[0m ", padded)
                          : shown_format("  {} ", padded);
      out += broken(row.value, width) + "\n";
    }
    return out;
  }

 private:
  struct Row {
    Place place;
    Shown label;
    std::string value;
  };

  // The words of a value in lines of at most `width` columns, below its first one.
  static Shown broken(std::string_view value, std::size_t width) {
    constexpr std::size_t indent = 15;
    constexpr std::size_t least = 20;  // for the value itself; in less room it stays as it is
    if (width < indent + least) return Shown::of(value);
    Shown out;
    std::size_t column = indent;
    for (const std::string_view word : split(value, ' ')) {
      const Shown shown = Shown::of(word);
      const std::size_t columns = columns_of(shown);
      if (column > indent && column + 1 + columns > width) {
        out += "\n               ";
        column = indent;
      } else if (!out.empty()) {
        out += " ";
        ++column;
      }
      out += shown;
      column += columns;
    }
    return out;
  }

  std::vector<Row> rows_;
};

std::string joined(const std::vector<std::string>& parts, std::string_view separator = ", ") {
  return join(parts, separator);
}

std::string head_line(const Artifact& slice) {
  std::string line = fmt::format("{} {}", slice.arch, slice.type);
  if (slice.members != 0) line += fmt::format(" of {} objects", slice.members);
  if (slice.platform.known()) line += ", " + slice.platform.value;
  if (slice.minos.known()) line += fmt::format(" {} and newer", slice.minos.value);
  if (slice.sdk.known()) line += fmt::format(" (sdk {})", slice.sdk.value);
  return line + fmt::format(", {}, {}", slice.format, bytes_text(slice.size));
}

std::string go_line(const GoArtifact& go) {
  std::string line = go.version.known() ? go.version.value : "version unknown: " + go.version.why;
  if (go.path.known()) line += "  " + go.path.value;
  if (go.module) line += " " + go.module->version;
  return line;
}

std::string cgo_line(const GoArtifact& go) {
  std::string line;
  if (go.cgo_allowed.known()) {
    line = go.cgo_allowed.value ? "allowed" : "off (CGO_ENABLED=0)";
  } else {
    line = "not known whether allowed";
  }
  if (!go.cgo_used.known()) return line + ", not known whether used: " + go.cgo_used.why;
  line += go.cgo_used.value ? ", used" : ", not used";
  if (!go.cgo_packages.empty()) line += " by " + joined(go.cgo_packages);
  return line;
}

// DefaultGODEBUG of a module for an old Go has dozens of parts; --json has them all.
std::string short_list(std::string_view value) {
  constexpr std::size_t longest = 80;
  const auto parts = split(value, ',');
  if (value.size() <= longest || parts.size() < 3) return std::string(value);
  return fmt::format("{},... ({} in all)", parts.front(), parts.size());
}

std::string settings_line(const GoArtifact& go) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : go.settings) {
    if (key.starts_with("vcs") || key == "CGO_ENABLED" || key == "GOOS" || key == "GOARCH")
      continue;
    if (!value.empty()) parts.push_back(fmt::format("{}={}", key, short_list(value)));
  }
  return joined(parts, " ");
}

std::string vcs_line(const GoArtifact& go) {
  const std::string_view revision = go.setting("vcs.revision");
  if (revision.empty()) return {};
  std::string line = fmt::format("{} {}", go.setting("vcs"), revision);
  if (go.setting("vcs.modified") == "true") line += ", with changes";
  return line;
}

std::string library_line(const NeededLibrary& library) {
  std::string line = library.name;
  if (library.weak) line += " (weak)";
  if (library.reexport) line += " (re-exported)";
  if (library.upward) line += " (upward)";
  if (library.lazy) line += " (lazy)";
  if (!library.versions.empty()) line += "  " + joined(library.versions, " ");
  return line;
}

std::string floor_line(const Artifact& slice) {
  if (!slice.glibc_floor.known()) return {};
  std::vector<std::string> who(slice.glibc_floor_symbols);
  if (who.size() > 4) {
    const std::size_t more = who.size() - 4;
    who.resize(4);
    who.push_back(fmt::format("{} more", more));
  }
  return fmt::format("{} and newer, because of {}", slice.glibc_floor.value, joined(who));
}

std::string signature_line(const SignatureFact& signature) {
  switch (signature.kind) {
    case SignatureKind::unsupported: return {};
    case SignatureKind::unsigned_: return "none";
    case SignatureKind::broken: return "broken: " + signature.problem;
    default: break;
  }
  std::string line = signature.kind == SignatureKind::cms ? "signed" : "ad hoc";
  if (signature.kind == SignatureKind::linker_signed) line = "ad-hoc, by the linker";
  line += ", identifier " + signature.identifier;
  if (!signature.team.empty()) line += ", team " + signature.team;
  if (!signature.flags.empty()) line += ", flags " + joined(signature.flags);
  return line + " (pages not compared)";
}

std::string hardening_line(const std::vector<HardeningFact>& facts) {
  std::vector<std::string> parts;
  for (const HardeningFact& fact : facts) {
    parts.push_back(fmt::format("{} {}", fact.name, fact.value));
  }
  return joined(parts);
}

std::string count_text(std::string_view word, const CountFact& fact) {
  if (fact.known()) return fmt::format("{} {}", fact.value, word);
  if (fact.state == FactState::unknown) return fmt::format("{} unknown: {}", word, fact.why);
  return {};
}

void go_rows(const GoArtifact& go, Rows& rows) {
  rows.add(Place::go, "go", go_line(go));
  rows.add(Place::go, "cgo", cgo_line(go));
  rows.add(Place::go, "settings", settings_line(go));
  rows.add(Place::go, "revision", vcs_line(go));
  if (go.dependencies.empty()) return;
  rows.add(Place::go, "modules", fmt::format("{} besides the main one", go.dependencies.size()));
}

// The rows of one field, by the type of its value. Fields without a place have none.
struct RowsOf {
  Rows& rows;

  void operator()(const Field& field, const TextFact& fact) {
    if (field.row.place != Place::none) rows.add(field.row.place, field.row.label, fact);
  }

  void operator()(const Field& field, const CountFact& fact) {
    if (field.row.place == Place::none || !fact.known()) return;
    rows.add(field.row.place, field.row.label, fmt::format("{}", fact.value));
  }

  void operator()(const Field& field, const std::vector<std::string>& list) {
    if (field.row.place != Place::none) rows.add(field.row.place, field.row.label, joined(list));
  }

  void operator()(const Field& field, const std::vector<NeededLibrary>& needed) {
    for (const NeededLibrary& library : needed) {
      rows.add(field.row.place, field.row.label, library_line(library));
    }
  }

  // The paths alone: the kinds come as a second list, and are the labels of these rows.
  template <class List>
  void operator()(const Field& field, const Column<List, RunPath>& column) {
    if (field.row.place == Place::none) return;
    for (const RunPath& path : column.list) rows.add(field.row.place, path.kind, path.path);
  }

  void operator()(const Field& field, const std::vector<HardeningFact>& facts) {
    rows.add(field.row.place, field.row.label, hardening_line(facts));
  }

  void operator()(const Field& field, const SignatureFact& signature) {
    rows.add(field.row.place, field.row.label, signature_line(signature));
  }

  void operator()(const Field&, const std::optional<GoArtifact>& go) {
    if (go) go_rows(*go, rows);
  }

  void operator()(const Field&, const std::optional<MachoArtifact>& macho) {
    if (macho) MachoArtifact::fields(*macho, *this);
  }

  // Single words and numbers are in the first line.
  void operator()(const Field&, const FlagFact&) {}

  void operator()(const Field&, const std::string&) {}

  void operator()(const Field&, std::uint64_t) {}
};

// Rows that several fields make together.
void linked_rows(const Artifact& slice, Rows& rows) {
  if (slice.link_mode.known() || slice.linker.known()) {
    std::string how = slice.link_mode.known() ? slice.link_mode.value : "";
    if (slice.linker.known()) how += (how.empty() ? "by " : ", by ") + slice.linker.value;
    rows.add(Place::linked, "linked", how);
  }
  if (slice.link_mode.state == FactState::unknown) {
    rows.add(Place::linked, "linked", slice.link_mode);
  }
  if (slice.linker.state == FactState::unknown && slice.linkage.known()) {
    rows.add(Place::linked, "linker", slice.linker);
  }
}

void symbol_rows(const Artifact& slice, Rows& rows) {
  std::vector<std::string> counts;
  for (const std::string& text :
       {count_text("imports", slice.imports), count_text("exports", slice.exports)}) {
    if (!text.empty()) counts.push_back(text);
  }
  if (slice.fixups.known()) counts.push_back("fixups " + slice.fixups.value);
  rows.add(Place::symbols, "symbols", joined(counts));
}

Shown slice_text(const Artifact& slice, const TextStyle& style, std::size_t width) {
  Rows rows;
  Artifact::fields(slice, RowsOf{rows});
  linked_rows(slice, rows);
  rows.add(Place::glibc, "glibc", floor_line(slice));
  symbol_rows(slice, rows);
  return Shown::of(head_line(slice)) + "\n" + rows.text(style, width);
}

}  // namespace

Shown file_text(const std::string& path, const FileReport& report, const TextStyle& style,
                std::size_t width) {
  Shown out = shown_format("{}: {}", path, report.kind);
  if (report.slices.size() > 1) out += shown_format(", {} slices", report.slices.size());
  if (!report.members.empty()) out += shown_format(", {} members", report.members.size());
  out += "\n";
  for (const Artifact& slice : report.slices) out += slice_text(slice, style, width);
  for (const std::string& input : report.inputs) {
    out += shown_format("  input        {}\n", input);
  }
  return out;
}

}  // namespace tenon
