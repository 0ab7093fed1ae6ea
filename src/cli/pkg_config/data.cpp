#include "cli/pkg_config/data.h"

#include <cstdint>
#include <string>
#include <utility>

#include "diag/report.h"
#include "link/pc/fragment.h"
#include "link/pc/package.h"
#include "link/query/answer.h"

namespace tenon {
namespace {

Data data_of(const pc::Origin& origin) {
  Data out = Data::object();
  out.add("module", origin.module);
  out.add("file", origin.file);
  out.add("line", static_cast<std::int64_t>(origin.line));
  out.add("field", origin.field);
  Data path = Data::array();
  for (const pc::Step& step : origin.path) {
    Data one = Data::object();
    one.add("module", step.module);
    one.add("file", step.file);
    one.add("line", static_cast<std::int64_t>(step.line));
    one.add("field", step.field);
    path.push(std::move(one));
  }
  out.add("path", std::move(path));
  return out;
}

Data data_of(const pc::Fragments& fragments) {
  Data out = Data::array();
  for (const pc::Fragment& fragment : fragments) {
    Data one = Data::object();
    Data words = Data::array();
    for (const std::string& word : fragment.words()) words.push(word);
    one.add("words", std::move(words));
    Data origins = Data::array();
    origins.push(data_of(fragment.origin));
    for (const pc::Origin& other : fragment.also) origins.push(data_of(other));
    one.add("origins", std::move(origins));
    out.push(std::move(one));
  }
  return out;
}

}  // namespace

Data data_of(const pc::Answer& answer) {
  Data out = Data::object();
  out.add("output", answer.out);
  out.add("cflags", data_of(answer.cflags));
  out.add("libs", data_of(answer.libs));
  Data modules = Data::array();
  for (const pc::Package& package : answer.packages) {
    Data one = Data::object();
    one.add("name", package.id);
    one.add("version", package.version_text());
    one.add("file", package.file);
    modules.push(std::move(one));
  }
  out.add("modules", std::move(modules));
  return out;
}

}  // namespace tenon
