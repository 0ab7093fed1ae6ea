#include "rewrite/java/log4j_file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/java/grammar.h"
#include "rewrite/java/library.h"
#include "rewrite/java/log4j_advice.h"
#include "rewrite/java/model.h"
#include "rewrite/java/typing.h"
#include "rewrite/plan.h"

namespace tenon::rewrite::java {
namespace {

using tree::Index;
using tree::Tree;

struct Counterpart {
  std::string_view level, method, test;
};

constexpr Counterpart levels[] = {
    {"TRACE", "trace", "isTraceEnabled"}, {"DEBUG", "debug", "isDebugEnabled"},
    {"INFO", "info", "isInfoEnabled"},    {"WARN", "warn", "isWarnEnabled"},
    {"ERROR", "error", "isErrorEnabled"}, {"FATAL", "error", "isErrorEnabled"}};
constexpr std::array<std::string_view, 5> printing = {"trace", "debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 4> kept_methods = {"isDebugEnabled", "isInfoEnabled",
                                                          "isTraceEnabled", "getName"};
// Methods of java.lang.Object stay too.
constexpr std::array<std::string_view, 4> object_methods = {"equals", "hashCode", "toString",
                                                            "getClass"};

// Methods of Category, Logger and LogManager (javap, log4j 1.2.17), sorted.
constexpr std::array<std::string_view, 49> api_methods = {"addAppender",
                                                          "assertLog",
                                                          "callAppenders",
                                                          "closeNestedAppenders",
                                                          "debug",
                                                          "error",
                                                          "exists",
                                                          "fatal",
                                                          "forcedLog",
                                                          "getAdditivity",
                                                          "getAllAppenders",
                                                          "getAppender",
                                                          "getChainedPriority",
                                                          "getCurrentCategories",
                                                          "getCurrentLoggers",
                                                          "getDefaultHierarchy",
                                                          "getEffectiveLevel",
                                                          "getHierarchy",
                                                          "getInstance",
                                                          "getLevel",
                                                          "getLogger",
                                                          "getLoggerRepository",
                                                          "getName",
                                                          "getParent",
                                                          "getPriority",
                                                          "getResourceBundle",
                                                          "getResourceBundleString",
                                                          "getRoot",
                                                          "getRootLogger",
                                                          "info",
                                                          "isAttached",
                                                          "isDebugEnabled",
                                                          "isEnabledFor",
                                                          "isInfoEnabled",
                                                          "isTraceEnabled",
                                                          "l7dlog",
                                                          "log",
                                                          "removeAllAppenders",
                                                          "removeAppender",
                                                          "resetConfiguration",
                                                          "setAdditivity",
                                                          "setHierarchy",
                                                          "setLevel",
                                                          "setPriority",
                                                          "setRepositorySelector",
                                                          "setResourceBundle",
                                                          "shutdown",
                                                          "trace",
                                                          "warn"};

std::string_view simple(std::string_view full) { return full.substr(full.rfind('.') + 1); }

// One file.
class Planner {
 public:
  Planner(World& world, const Parsed& file, FilePlan& plan)
      : world_(world), file_(file), tree_(*file.tree), plan_(plan), lines_(*file.text) {}

  void run() {
    find_errors();
    find_names();
    for (Index i = 1; i < tree_.size(); ++i) visit(i);
    hand_over();
    if (logger_named_ && kept_.contains("Logger")) return leave_all();
    if (!tangled_) change_imports();
    finish();
  }

 private:
  void visit(Index node);
  void visit_call(Index node);
  void visit_factory(Index node, const std::string& owner, Index object);
  void visit_logger_call(Index node, std::string_view method);
  void visit_type(Index node);
  void visit_name(Index node);
  void message(Index node, const std::vector<Index>& arguments, std::size_t at);
  void note_loggers(Index type);
  void hand_over();
  [[nodiscard]] std::string taker(Index call);
  void change_imports();
  void change_import(const Import& one, const std::set<std::string>& needed, bool& done);
  void find_errors();
  void find_names();
  [[nodiscard]] bool may_be_log4j(std::string_view name) const;
  void finish();
  void leave_all();

  [[nodiscard]] std::optional<Counterpart> constant_level(Index node);
  [[nodiscard]] bool broken(Index node) const;
  [[nodiscard]] std::string_view text(Index node) const { return tree_.text(node); }
  [[nodiscard]] std::string name_of_factory();

  void edit(Index node, std::string text, std::string_view rule) {
    edit(tree_[node].start, tree_[node].end, std::move(text), rule);
  }

  void edit(std::uint32_t start, std::uint32_t end, std::string text, std::string_view rule,
            std::uint32_t group = 0) {
    edits_.push_back({start, end, std::move(text), rule, group});
  }

  void site(Index node, std::string_view rule) {
    plan_.sites.push_back({lines_.of(tree_[node].start), rule});
  }

  void leave(Index node, std::string api, const Advice& why) {
    const std::uint32_t start = tree_[node].start;
    plan_.left.push_back({start, lines_.of(start), rule_left, std::move(api), why.why, why.hint});
  }

  World& world_;
  const Parsed& file_;
  const Tree& tree_;
  FilePlan& plan_;
  Lines lines_;
  std::vector<Edit> edits_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      broken_;            // declarations that the parser could not read whole
  std::set<Index> done_;  // nodes that an edit of a node above covers
  std::set<std::string, std::less<>> imported_;  // simple names of classes of log4j
  bool any_name_ = false;                        // a whole package below it is imported
  std::set<std::string_view> loggers_;  // names of variables that are loggers somewhere here
  std::set<std::string> kept_;          // simple names of classes of log4j that are still used
  bool logger_named_ = false;           // the simple name Logger is used afterwards
  bool factory_named_ = false;
  bool tangled_ = false;  // no declaration holds the error: nothing can be trusted
  std::uint32_t groups_ = 0;
};

// Of each place that fits no rule: the member of a class around it, or the whole file.
void Planner::find_errors() {
  if (!tree_.has_errors()) return;
  const Grammar& g = grammar();
  const std::array members{g.method_declaration, g.constructor_declaration, g.field_declaration,
                           g.static_initializer};
  for (Index i = 1; i < tree_.size(); ++i) {
    if (!tree_[i].error && !tree_[i].missing) continue;
    Index around = i;
    while (around != 0 && std::ranges::find(members, tree_[around].kind) == members.end())
      around = tree_[around].parent;
    if (around == 0) tangled_ = true;
    broken_.emplace_back(tree_[around].start, tree_[around].end);
    if (around != 0) i = tree_[around].after - 1;
  }
  // An error without a node of its own.
  if (broken_.empty()) tangled_ = true;
}

void Planner::find_names() {
  for (const Import& one : file_.unit.imports) {
    if (!one.name.starts_with(log4j)) continue;
    imported_.insert(std::string(simple(one.name)));
    any_name_ = any_name_ || (one.on_demand && one.name != log4j);
  }
}

// What a name stands for is asked for few of them: it takes reading other files.
bool Planner::may_be_log4j(std::string_view name) const {
  name = name.substr(0, name.find_first_of(". \t\r\n/"));
  return any_name_ || name == "org" || is_class_of_log4j(name) || imported_.contains(name);
}

bool Planner::broken(Index node) const {
  return tangled_ || std::ranges::any_of(broken_, [&](const auto& one) {
           return tree_[node].start >= one.first && tree_[node].start < one.second;
         });
}

void Planner::visit(Index node) {
  const Grammar& g = grammar();
  const tree::Kind kind = tree_[node].kind;
  if (done_.contains(node)) return;
  if (kind == g.import_declaration || kind == g.package_declaration) {
    for (Index i = node; i < tree_[node].after; ++i) done_.insert(i);
    return;
  }
  if (kind == g.method_invocation) visit_call(node);
  if (kind == g.type_identifier || kind == g.scoped_type_identifier) visit_type(node);
  if (kind == g.field_access) visit_name(node);
  if (kind == g.identifier) visit_name(node);
}

std::optional<Counterpart> Planner::constant_level(Index node) {
  const Grammar& g = grammar();
  if (tree_[node].kind != g.field_access) return std::nullopt;
  const std::string owner = named_class(world_, file_, tree_.child(node, g.object));
  if (owner != "org.apache.log4j.Level" && owner != "org.apache.log4j.Priority")
    return std::nullopt;
  const auto* found =
      std::ranges::find(levels, text(tree_.child(node, g.field_field)), &Counterpart::level);
  return found == std::end(levels) ? std::nullopt : std::optional(*found);
}

// `Logger.getLogger(x)` and its like.
void Planner::visit_factory(Index node, const std::string& owner, Index object) {
  const Grammar& g = grammar();
  const Index name = tree_.child(node, g.name), list = tree_.child(node, g.arguments);
  const std::string_view method = text(name);
  const auto arguments = tree_.named_children(list);
  const bool root =
      method == "getRootLogger" || (owner.ends_with(".Category") && method == "getRoot");
  const bool get = (method == "getLogger" && !owner.ends_with(".Category")) ||
                   (method == "getInstance" && owner.ends_with(".Category"));
  const bool known = (get && arguments.size() == 1) || (root && arguments.empty());
  for (Index i = object; i < tree_[object].after; ++i) done_.insert(i);
  if (broken(node) || !known) {
    const Advice& why = broken(node)
                            ? Advice{"", "the parser could not read the declaration around it",
                                     "fix the source first"}
                            : advice_for(simple(owner));
    leave(node, std::string(simple(owner)) + "." + std::string(method), why);
    if (text(object).find('.') == std::string_view::npos) kept_.insert(std::string(simple(owner)));
    return;
  }
  factory_named_ = true;
  site(node, rule_factory);
  edit(object, name_of_factory(), rule_factory);
  if (method != "getLogger") edit(name, "getLogger", rule_factory);
  if (root) {
    edit(list, "(org.slf4j.Logger.ROOT_LOGGER_NAME)", rule_factory);
  }
}

// LoggerFactory, or its full name where that stands for another class here.
std::string Planner::name_of_factory() {
  const std::string own = resolve_name(world_, file_, "LoggerFactory", tree_.size() - 1);
  return own.empty() || own == "org.slf4j.LoggerFactory" ? "LoggerFactory"
                                                         : "org.slf4j.LoggerFactory";
}

void Planner::visit_call(Index node) {
  const Grammar& g = grammar();
  const Index object = tree_.child(node, g.object), name = tree_.child(node, g.name);
  if (name == Tree::none) return;
  if (object == Tree::none) {
    // import static org.apache.log4j.Logger.getLogger
    return;
  }
  if (std::ranges::find(api_methods, text(name)) == api_methods.end()) return;
  const std::string owner = named_class(world_, file_, object);
  if (owner.starts_with(log4j_dot)) {
    if (owner == "org.apache.log4j.Logger" || owner == "org.apache.log4j.Category" ||
        owner == "org.apache.log4j.LogManager") {
      visit_factory(node, owner, object);
    }
    return;
  }
  if (owner.empty() && is_logger(expression_type(world_, file_, object)))
    visit_logger_call(node, text(name));
}

void Planner::visit_logger_call(Index node, std::string_view method) {
  const Grammar& g = grammar();
  const auto in = [&](const auto& list) { return std::ranges::find(list, method) != list.end(); };
  const Index name = tree_.child(node, g.name), list = tree_.child(node, g.arguments);
  const Index object = tree_.child(node, g.object);
  if (tree_[object].kind == g.identifier) loggers_.insert(text(object));
  if (in(kept_methods) || in(object_methods)) return;
  const auto arguments = tree_.named_children(list);
  const std::string api = "Logger." + std::string(method);
  if (broken(node)) {
    if (!in(printing))
      leave(node, api,
            {"", "the parser could not read the declaration around it", "fix the source first"});
    return;
  }
  if ((in(printing) || method == "fatal") && (arguments.size() == 1 || arguments.size() == 2)) {
    if (method == "fatal") {
      site(node, rule_fatal);
      edit(name, "error", rule_fatal);
    }
    message(node, arguments, 0);
    return;
  }
  const auto level = arguments.empty() ? std::nullopt : constant_level(arguments.front());
  const auto spend_level = [&] {
    site(node, rule_level);
    for (Index i = arguments.front(); i < tree_[arguments.front()].after; ++i) done_.insert(i);
  };
  if (method == "isEnabledFor" && arguments.size() == 1 && level) {
    spend_level();
    edit(name, std::string(level->test), rule_level);
    edit(arguments.front(), "", rule_level);
  } else if (method == "log" && (arguments.size() == 2 || arguments.size() == 3) && level) {
    spend_level();
    edit(name, std::string(level->method), rule_level);
    edit(tree_[arguments[0]].start, tree_[arguments[1]].start, "", rule_level);
    message(node, arguments, 1);
  } else {
    leave(node, api, advice_for(method));
  }
}

// The message, and a Throwable behind it.
void Planner::message(Index node, const std::vector<Index>& arguments, std::size_t at) {
  const Grammar& g = grammar();
  const Index first = arguments[at];
  if (tree_[first].kind == g.null_literal) {
    site(node, rule_message);
    edit(first, "\"null\"", rule_message);
  } else if (!surely_string(world_, file_, first)) {
    const Type type = expression_type(world_, file_, first);
    const bool characters = type.name == "char" && type.dimensions == 1;
    site(node, rule_message);
    const std::uint32_t group = ++groups_;
    edit(tree_[first].start, tree_[first].start,
         characters ? "String.valueOf((Object) " : "String.valueOf(", rule_message, group);
    edit(tree_[first].end, tree_[first].end, ")", rule_message, group);
  }
  if (at + 1 < arguments.size() && tree_[arguments[at + 1]].kind == g.null_literal) {
    edit(arguments[at + 1], "(Throwable) null", rule_message);
  }
}

// Variables that a declaration gives the type.
void Planner::note_loggers(Index type) {
  const Grammar& g = grammar();
  const Index declaration = tree_[type].parent;
  if (const Index name = tree_.child(declaration, g.name); name != Tree::none)
    loggers_.insert(text(name));
  for (const Index one : tree_.named_children(declaration)) {
    if (tree_[one].kind == g.variable_declarator) loggers_.insert(text(tree_.child(one, g.name)));
  }
}

// What a call's arguments go to, where that is not in the sources and not Java's own; empty for
// what is.
std::string Planner::taker(Index call) {
  const Grammar& g = grammar();
  const auto foreign = [&](const std::string& full) {
    const bool known = full.starts_with("java.") || full.starts_with("javax.") ||
                       full.starts_with("org.slf4j.") || full.starts_with(log4j_dot);
    return !known && world_.find(full) == nullptr;
  };
  if (tree_[call].kind == g.object_creation) {
    const Type made = resolve_type(world_, file_, tree_.child(call, g.type));
    return foreign(made.name) ? "new " + std::string(text(tree_.child(call, g.type)))
                              : std::string();
  }
  if (tree_[call].kind != g.method_invocation) return {};
  const Index object = tree_.child(call, g.object);
  std::string name(text(tree_.child(call, g.name)));
  if (object == Tree::none) {
    for (const Class* around = class_around(file_, call); around != nullptr;
         around = class_around(file_, tree_[around->body].parent)) {
      if (world_.method(around->name, name)) return {};
    }
    return name;
  }
  std::string owner = named_class(world_, file_, object);
  if (owner.empty()) owner = expression_type(world_, file_, object).name;
  return foreign(owner) ? std::string(text(object)) + "." + name : std::string();
}

// A logger that goes to code which is not here: that may want Log4j's.
void Planner::hand_over() {
  const Grammar& g = grammar();
  if (loggers_.empty()) return;
  for (Index i = 1; i < tree_.size(); ++i) {
    if (tree_[i].kind != g.identifier || !loggers_.contains(text(i))) continue;
    Index argument = i;
    const Index above = tree_[i].parent;
    if (tree_[above].kind == g.field_access && tree_[i].field == g.field_field) argument = above;
    const Index list = tree_[argument].parent, call = tree_[list].parent;
    if (tree_.child(call, g.arguments) != list || list == Tree::none) continue;
    if (!is_logger(expression_type(world_, file_, argument))) continue;
    if (const std::string to = taker(call); !to.empty()) {
      leave(call, to,
            {"", "the logger goes to code that is not among these sources, and may want Log4j's",
             "rewrite that code as well, or keep this file"});
    }
  }
}

// A name in the place of a type.
void Planner::visit_type(Index node) {
  std::string name;
  std::ranges::copy_if(text(node), std::back_inserter(name), [](char c) { return c > ' '; });
  for (Index i = node; i < tree_[node].after; ++i) done_.insert(i);
  if (!may_be_log4j(name)) return;
  const std::string full = resolve_name(world_, file_, name, node);
  if (!full.starts_with(log4j_dot)) return;
  const bool whole = name.starts_with(log4j_dot);
  const bool logger = full == "org.apache.log4j.Logger" || full == "org.apache.log4j.Category";
  const Grammar& g = grammar();
  const tree::Kind above = tree_[tree_[node].parent].kind;
  const bool extended =
      above == g.superclass || above == g.super_interfaces || (above == g.object_creation);
  if (logger && !extended && !broken(node)) {
    note_loggers(node);
    if (whole) {
      site(node, rule_type);
      edit(node, "org.slf4j.Logger", rule_type);
      return;
    }
    logger_named_ = true;
    if (name != "Logger") {
      site(node, rule_type);
      edit(node, "Logger", rule_type);
    }
    return;
  }
  if (!whole) kept_.insert(name.substr(0, name.find('.')));
  leave(node, std::string(full.substr(log4j_dot.size())),
        logger ? advice_for("Logger") : advice_for(simple(full)));
}

// A name in the place of an expression: of a class whose method or field is used.
void Planner::visit_name(Index node) {
  const Grammar& g = grammar();
  if (tree_[node].field == g.name || tree_[node].field == g.field_field) return;
  if (!may_be_log4j(text(node))) return;
  const std::string full = named_class(world_, file_, node);
  const std::string_view name = text(node);
  if (!full.starts_with(log4j_dot)) return;
  for (Index i = node; i < tree_[node].after; ++i) done_.insert(i);
  const std::size_t start = full.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const std::string_view top =
      std::string_view(full).substr(start == std::string::npos ? 0 : start);
  if (start == std::string::npos) return;  // a package
  if (!name.starts_with(log4j_dot)) kept_.insert(std::string(name.substr(0, name.find('.'))));
  leave(node, std::string(top), advice_for(top.substr(0, top.find('.'))));
}

// Lines of imports: of what is still used, and of SLF4J in the place of the first one that goes.
void Planner::change_imports() {
  std::set<std::string> needed;
  const bool has_factory = std::ranges::any_of(file_.unit.imports, [](const Import& one) {
    return !one.is_static && ((one.name == "org.slf4j.LoggerFactory" && !one.on_demand) ||
                              (one.name == "org.slf4j" && one.on_demand));
  });
  if (logger_named_) needed.insert("org.slf4j.Logger");
  if (factory_named_ && !has_factory && name_of_factory() == "LoggerFactory")
    needed.insert("org.slf4j.LoggerFactory");
  bool done = needed.empty();
  for (const Import& one : file_.unit.imports) {
    if (one.name == log4j || one.name.starts_with(log4j_dot)) change_import(one, needed, done);
  }
  if (done || needed.empty()) return;
  // Only full names were used before.
  const std::string newline = file_.text->find("\r\n") == std::string::npos ? "\n" : "\r\n";
  std::uint32_t at = 0;
  for (const Index i : tree_.named_children(0)) {
    if (tree_[i].kind == grammar().package_declaration) at = tree_[i].end;
  }
  if (!file_.unit.imports.empty()) at = tree_[file_.unit.imports.back().node].end;
  std::string lines;
  for (const std::string& name : needed)
    lines.append(newline).append("import ").append(name).append(";");
  edit(at, at, at == 0 ? lines.substr(newline.size()) + newline : lines, rule_import);
}

void Planner::change_import(const Import& one, const std::set<std::string>& needed, bool& done) {
  const std::string_view all = *file_.text;
  const std::string newline = all.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
  if (one.is_static) {
    if (one.name == "org.apache.log4j.Logger.getLogger") {
      site(one.node, rule_import);
      edit(one.node, "import static org.slf4j.LoggerFactory.getLogger;", rule_import);
    } else {
      leave(one.node, one.name.substr(std::min(one.name.size(), log4j_dot.size())),
            advice_for(simple(one.name)));
    }
    return;
  }
  const bool top_level =
      one.name.substr(std::min(one.name.size(), log4j_dot.size())).find('.') == std::string::npos;
  bool stays = !top_level && kept_.contains(std::string(simple(one.name)));
  if (top_level && one.on_demand) {
    stays =
        std::ranges::any_of(kept_, [](const std::string& name) { return is_class_of_log4j(name); });
  } else if (top_level) {
    stays = kept_.contains(std::string(simple(one.name)));
  }
  if (!top_level && one.on_demand) stays = true;
  std::string lines;
  if (!done) {
    for (const std::string& name : needed) {
      lines.append(lines.empty() ? "" : newline).append("import ").append(name).append(";");
    }
    done = true;
  }
  site(one.node, rule_import);
  std::uint32_t start = tree_[one.node].start, end = tree_[one.node].end;
  if (stays) {
    plan_.sites.pop_back();
    if (!lines.empty()) edit(end, end, newline + lines, rule_import);
    return;
  }
  if (lines.empty()) {  // the whole line goes, if nothing else stands in it
    std::uint32_t from = start, to = end;
    while (from > 0 && (all[from - 1] == ' ' || all[from - 1] == '\t')) --from;
    while (to < all.size() && (all[to] == ' ' || all[to] == '\t' || all[to] == '\r')) ++to;
    if ((from == 0 || all[from - 1] == '\n') && to < all.size() && all[to] == '\n') {
      start = from;
      end = to + 1;
    }
  }
  edit(start, end, std::move(lines), rule_import);
}

// Log4j's Logger is still used by its simple name, which can stand for one class only.
void Planner::leave_all() {
  edits_.clear();
  plan_.sites.clear();
  plan_.left.push_back(
      {0, 1, rule_left, "Logger",
       "Log4j's own Logger is needed in this file too, and the name can stand for one only",
       "separate the two uses first"});
  finish();
}

void Planner::finish() {
  Ordered all = ordered(std::move(edits_));
  for (const Edit& one : all.clashing) {
    plan_.left.push_back({one.start, lines_.of(one.start), one.rule, one.text,
                          "two edits overlap here, so neither was made", "make it by hand"});
  }
  plan_.edits = std::move(all.edits);
  std::ranges::sort(plan_.left, {}, &Left::start);
  std::ranges::sort(plan_.sites, {}, &Site::line);
}

}  // namespace

bool is_logger(const Type& type) {
  return type.dimensions == 0 &&
         (type.name == "org.apache.log4j.Logger" || type.name == "org.apache.log4j.Category");
}

void plan_file(World& world, Parsed& file, FilePlan& out) {
  if (file.unit.package == log4j || file.unit.package.starts_with(log4j_dot)) {
    out.left.push_back(
        {0, 1, rule_left, file.unit.package, "the file is a part of Log4j itself", "leave it out"});
    return;
  }
  Planner(world, file, out).run();
  if (!out.edits.empty()) out.text = std::move(*file.text);
}

}  // namespace tenon::rewrite::java
