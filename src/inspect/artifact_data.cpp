#include "diag/catalog.h"
#include "inspect/show.h"

namespace tenon {
namespace {

// Collects facts of one slice: the value under its key, where it stands under "sources", and why it
// is not known under "unknown".
class SliceData {
 public:
  void text(const std::string& key, const std::string& value) {
    data_.add(key, value.empty() ? Data() : Data(value));
  }

  void fact(const std::string& key, const TextFact& fact) { add(key, fact, Data(fact.value)); }

  void fact(const std::string& key, const FlagFact& fact) { add(key, fact, Data(fact.value)); }

  void fact(const std::string& key, const CountFact& fact) {
    add(key, fact, Data(static_cast<std::int64_t>(fact.value)));
  }

  void add(const std::string& key, Data value) { data_.add(key, std::move(value)); }

  Data done() {
    data_.add("sources", std::move(sources_));
    data_.add("unknown", std::move(unknown_));
    return std::move(data_);
  }

 private:
  template <class T>
  void add(const std::string& key, const Fact<T>& fact, Data value) {
    data_.add(key, fact.known() ? std::move(value) : Data());
    if (fact.state == FactState::unknown) {
      unknown_.add(key, fact.why);
    } else {
      sources_.add(key, fact.source);
    }
  }

  Data data_ = Data::object();
  Data sources_ = Data::object();
  Data unknown_ = Data::object();
};

Data strings(const std::vector<std::string>& values) {
  Data out = Data::array();
  for (const std::string& value : values) out.push(value);
  return out;
}

Data needed_data(const Artifact& slice) {
  Data out = Data::array();
  for (const NeededLibrary& library : slice.needed) {
    Data one = Data::object();
    one.add("name", library.name);
    one.add("weak", library.weak);
    one.add("reexport", library.reexport);
    one.add("upward", library.upward);
    one.add("lazy", library.lazy);
    if (!library.current_version.empty()) {
      one.add("current_version", library.current_version);
      one.add("compatibility_version", library.compatibility_version);
    }
    if (!library.versions.empty()) one.add("versions", strings(library.versions));
    out.push(std::move(one));
  }
  return out;
}

Data rpath_data(const Artifact& slice, bool kinds) {
  Data out = Data::array();
  for (const RunPath& path : slice.rpaths) out.push(kinds ? path.kind : path.path);
  return out;
}

Data module_data(const GoModuleFact& module) {
  Data out = Data::object();
  out.add("path", module.path);
  out.add("version", module.version);
  if (!module.sum.empty()) out.add("sum", module.sum);
  if (!module.replaced_by.empty()) out.add("replaced_by", module.replaced_by);
  return out;
}

Data go_data(const GoArtifact& go) {
  SliceData out;
  out.fact("version", go.version);
  out.fact("path", go.path);
  out.add("module", go.main_module ? module_data(go.modules.front()) : Data());
  Data settings = Data::object();
  for (const auto& [key, value] : go.settings) settings.add(key, value);
  out.add("settings", std::move(settings));
  out.fact("cgo_allowed", go.cgo_allowed);
  out.fact("cgo_used", go.cgo_used);
  out.add("cgo_packages", strings(go.cgo_packages));
  out.fact("build_id", go.build_id);
  out.fact("source_path", go.file_path);
  Data modules = Data::array();
  for (std::size_t i = go.main_module ? 1 : 0; i < go.modules.size(); ++i) {
    modules.push(module_data(go.modules[i]));
  }
  out.add("dependencies", std::move(modules));
  return out.done();
}

std::string_view kind_name(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::unsupported: return "";
    case SignatureKind::unsigned_: return "unsigned";
    case SignatureKind::linker_signed: return "linker-signed";
    case SignatureKind::ad_hoc: return "ad-hoc";
    case SignatureKind::cms: return "signed";
    case SignatureKind::broken: return "broken";
  }
  return "";
}

Data signature_data(const SignatureFact& signature) {
  if (signature.kind == SignatureKind::unsupported) return {};
  Data out = Data::object();
  out.add("kind", kind_name(signature.kind));
  if (signature.kind == SignatureKind::unsigned_) return out;
  if (!signature.problem.empty()) out.add("problem", signature.problem);
  out.add("identifier", signature.identifier);
  out.add("team", signature.team.empty() ? Data() : Data(signature.team));
  out.add("cdhash", signature.cdhash);
  out.add("flags", strings(signature.flags));
  out.add("page_size", static_cast<std::int64_t>(signature.page_size));
  out.add("entitlements", signature.entitlements);
  // Pages are compared by verify, not here.
  out.add("checked", false);
  return out;
}

Data hardening_data(const Artifact& slice) {
  Data out = Data::object();
  for (const HardeningFact& fact : slice.hardening) out.add(fact.name, fact.value);
  return out;
}

Data slice_data(const Artifact& slice) {
  SliceData out;
  out.text("format", slice.format);
  out.text("arch", slice.arch);
  out.text("goarch", slice.goarch);
  out.text("type", slice.type);
  out.add("offset", static_cast<std::int64_t>(slice.offset));
  out.add("size", static_cast<std::int64_t>(slice.size));
  if (slice.members != 0) out.add("members", static_cast<std::int64_t>(slice.members));
  out.fact("platform", slice.platform);
  out.fact("minos", slice.minos);
  out.fact("sdk", slice.sdk);
  out.fact("uuid", slice.uuid);
  out.fact("name", slice.name);
  out.add("needed", needed_data(slice));
  out.add("rpaths", rpath_data(slice, false));
  out.add("rpath_kinds", rpath_data(slice, true));
  out.fact("interpreter", slice.interpreter);
  out.fact("linkage", slice.linkage);
  out.fact("libc", slice.libc);
  out.fact("glibc_floor", slice.glibc_floor);
  out.add("glibc_floor_symbols", strings(slice.glibc_floor_symbols));
  out.add("go", slice.go ? go_data(*slice.go) : Data());
  out.fact("link_mode", slice.link_mode);
  out.fact("linker", slice.linker);
  out.add("compilers", strings(slice.compilers));
  out.fact("fixups", slice.fixups);
  out.fact("imports", slice.imports);
  out.fact("exports", slice.exports);
  out.fact("dwarf", slice.dwarf);
  out.add("hardening", hardening_data(slice));
  out.add("signature", signature_data(slice.signature));
  return out.done();
}

}  // namespace

Data file_data(const std::string& path, const FileReport& report) {
  Data out = Data::object();
  out.add("path", path);
  out.add("kind", report.kind);
  Data slices = Data::array();
  for (const Artifact& slice : report.slices) slices.push(slice_data(slice));
  out.add("slices", std::move(slices));
  if (!report.members.empty()) {
    Data members = Data::array();
    for (const ArchiveMember& member : report.members) {
      Data one = Data::object();
      one.add("name", member.name);
      one.add("format", member.format);
      one.add("arch", member.arch.empty() ? Data() : Data(member.arch));
      members.push(std::move(one));
    }
    out.add("members", std::move(members));
  }
  if (!report.inputs.empty()) out.add("inputs", strings(report.inputs));
  return out;
}

Finding remark_finding(const std::string& path, const ArtifactRemark& remark) {
  const std::string subject = remark.slice.empty() ? path : path + " (" + remark.slice + ")";
  Finding finding = make_finding(
      remark.code, {{"value", remark.value}, {"slice", path}, {"path", path}}, subject);
  // The gate's rules are errors of a build; here somebody asks what a file is like.
  if (finding.severity == Severity::error && !entry(remark.code).inspect_keeps_severity) {
    finding.severity = Severity::warning;
  }
  finding.evidence.push_back({Evidence::Kind::file, path, remark.source});
  return finding;
}

}  // namespace tenon
