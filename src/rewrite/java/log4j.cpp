#include "rewrite/java/log4j.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/for_all.h"
#include "rewrite/java/log4j_file.h"
#include "rewrite/java/model.h"
#include "rewrite/plan.h"

namespace tenon::rewrite::java {
namespace {

constexpr Rule rules[] = {
    {rule_import, "import Logger and LoggerFactory of SLF4J", "import org.apache.log4j.Logger;",
     "import org.slf4j.Logger;\nimport org.slf4j.LoggerFactory;"},
    {rule_factory, "make a logger with SLF4J's factory", "Logger.getLogger(A.class)",
     "LoggerFactory.getLogger(A.class)"},
    {rule_type, "a Category, or a full name, is SLF4J's Logger", "org.apache.log4j.Logger log",
     "org.slf4j.Logger log"},
    {rule_fatal, "SLF4J has no level fatal: error", "LOG.fatal(\"m\")", "LOG.error(\"m\")"},
    {rule_message, "a message that is not surely a String is made one", "LOG.info(list)",
     "LOG.info(String.valueOf(list))"},
    {rule_level, "a level that is a constant is a method", "LOG.isEnabledFor(Level.WARN)",
     "LOG.isWarnEnabled()"},
    {rule_left, "what has no counterpart is listed", "LOG.setLevel(Level.WARN)",
     "LOG.setLevel(Level.WARN)"},
};

bool word_start(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const auto c = static_cast<unsigned char>(text[at - 1]);
  return c != '_' && c != '$' && (c < '0' || c > '9') && ((c | 0x20U) < 'a' || (c | 0x20U) > 'z');
}

// A name followed by `sign`, as a whole word.
bool mentions(std::string_view text, std::string_view name, char sign) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t behind = at + name.size();
    if (behind < text.size() && text[behind] == sign && word_start(text, at)) return true;
  }
  return false;
}

// Names that other files may use a logger by: of fields that are loggers, and methods that give
// one.
struct Names {
  std::set<std::string, std::less<>> fields, methods;
};

bool uses(std::string_view text, const Names& names) {
  return std::ranges::any_of(names.fields,
                             [&](const std::string& name) { return mentions(text, name, '.'); }) ||
         std::ranges::any_of(names.methods,
                             [&](const std::string& name) { return mentions(text, name, '('); });
}

void collect(const Unit& unit, Names& names) {
  for (const Class& one : unit.classes) {
    for (const Member& field : one.fields) {
      if (!field.hidden && is_logger(field.type)) names.fields.insert(field.name);
    }
    for (const Member& method : one.methods) {
      if (!method.hidden && is_logger(method.type)) names.methods.insert(method.name);
    }
  }
}

void look_into(World& world, const std::string& path, FilePlan& out, Names* names,
               std::mutex* lock) {
  auto file = world.parse(path);
  if (!file) {
    out.unread = file.error();
    return;
  }
  out.looked_at = true;
  if (names != nullptr) {
    const std::scoped_lock guard(*lock);
    collect(file->unit, *names);
  }
  plan_file(world, *file, out);
}

std::vector<FilePlan> plan(const Sources& sources, std::size_t threads,
                           const Chosen& /*all: they need each other*/) {
  World world(sources);
  std::vector<FilePlan> out(sources.paths.size());
  std::vector<char> waits(sources.paths.size(), 0);
  Names names;
  std::mutex lock;
  for_all(out.size(), threads, [&](std::size_t i) {
    out[i].path = sources.paths[i];
    const auto text = sources.read(sources.paths[i]);
    if (!text) {
      out[i].unread = text.error();
    } else if (text->find(log4j) != std::string::npos) {
      look_into(world, sources.paths[i], out[i], &names, &lock);
    } else {
      waits[i] = 1;
    }
  });
  for_all(out.size(), threads, [&](std::size_t i) {
    if (waits[i] == 0) return;
    const auto text = sources.read(sources.paths[i]);
    if (!text) {
      out[i].unread = text.error();
    } else if (uses(*text, names)) {
      look_into(world, sources.paths[i], out[i], nullptr, nullptr);
    }
  });
  for (FilePlan& one : out) {
    // Only a file that a rule has something to say about counts.
    if (one.edits.empty() && one.left.empty()) one.looked_at = false;
  }
  return out;
}

}  // namespace

const Pack& log4j_pack() {
  static const Pack pack{"log4j-slf4j", "Java: from Log4j 1.2 to SLF4J 1.7", ".java", rules, plan};
  return pack;
}

}  // namespace tenon::rewrite::java
