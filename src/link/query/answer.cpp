#include "link/query/answer.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/graph.h"
#include "link/pc/license.h"
#include "link/pc/package.h"
#include "link/pc/problem.h"
#include "link/pc/repository.h"
#include "link/pc/settings.h"
#include "link/pc/solver.h"
#include "link/pc/variables.h"
#include "link/pc/version.h"
#include "link/pc/words.h"
#include "link/query/environment.h"
#include "link/query/print.h"
#include "link/query/request.h"

namespace tenon::pc {
namespace {

// The name of a variable of a shell or of C's preprocessor.
std::string capital_name(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == ' ' || c == '-' ? '_' : to_upper(c);
  return out;
}

// A command line at work. Its parts print in the order in which pkgconf does.
class Session {
 public:
  Session(const Request& request, const Prepared& prepared, const Personality& personality,
          Files& files, bool utf8)
      : request_(request),
        settings_(prepared.settings),
        personality_(personality),
        wants_(prepared.wants),
        search_private_(prepared.search_private),
        most_modules_(prepared.most_modules),
        utf8_(utf8),
        repository_(prepared.settings, files),
        graph_(repository_, out_.problems) {}

  Answer run() {
    if (!lists()) run_queries();
    say_problems();
    out_.log = graph_.log();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool wants(Want want) const { return wants_.has(want); }

  // Answers that need no module. True when one was given.
  bool lists() {
    if (request_.relocate) {
      line(without_double_slashes(*request_.relocate));
    } else if (wants(Want::dump_personality)) {
      out_.out += personality_text(personality_);
    } else if (request_.pkgconfig_version) {
      out_.code = compare_versions(pkgconf_version, *request_.pkgconfig_version) >= 0 ? 0 : 1;
    } else if (wants(Want::list_all)) {
      out_.out += list_all_text(repository_, out_.problems);
    } else if (wants(Want::list_names)) {
      out_.out += list_names_text(repository_, out_.problems);
    } else {
      return false;
    }
    return true;
  }

  void find_queries() {
    std::string text;
    for (const std::string& word : request_.modules) text += word + " ";
    add_dependencies(text, {}, queries_);
    Comparator comparator = Comparator::any;
    std::string version;
    if (request_.at_least) {
      comparator = Comparator::greater_equal;
      version = *request_.at_least;
    } else if (request_.exact) {
      comparator = Comparator::equal;
      version = *request_.exact;
    } else if (request_.at_most) {
      comparator = Comparator::less_equal;
      version = *request_.at_most;
    }
    for (Dependency& query : queries_) {
      if (query.comparator != Comparator::any || version.empty()) continue;
      query.comparator = comparator;
      query.version = version;
    }
    if (most_modules_ != 0 && queries_.size() > most_modules_) queries_.resize(most_modules_);
  }

  void run_queries() {
    find_queries();
    if (queries_.empty()) {
      out_.problems.push_back(
          {.kind = Problem::Kind::nothing_requested, .error = true, .text = {}});
      // A version rule without a version drops its module; --exists is quiet about it.
      if (!wants(Want::exists)) {
        always_ = "Please specify at least one package name on the command line.\n";
      }
      out_.code = 1;
      return;
    }
    if (!graph_.solve(queries_)) {
      out_.code = 1;
      return;
    }
    say_problems();
    for (const Edge& edge : graph_.solution()) out_.packages.push_back(edge.match->package);
    if (wants(Want::simulate)) {
      forget_flags();
      out_.out += simulation_text(graph_, rules(-1));
    }
    if (wants(Want::validate)) return;
    if (!one_answer()) many_answers();
  }

  [[nodiscard]] WalkRules rules(int depth) const {
    return {.private_edges = search_private_, .depth = depth};
  }

  void forget_flags() {
    for (const Want want :
         {Want::cflags_I, Want::cflags_other, Want::libs_L, Want::libs_l, Want::libs_other}) {
      wants_.set(want, false);
    }
  }

  // Those that nothing else is printed with.
  bool one_answer() {
    if (wants(Want::license)) {
      for_packages([&](const Package& one) {
        const std::string text = license_text(one.license);
        line(one.id + ": " + (one.license.empty() ? "NOASSERTION" : text));
      });
    } else if (wants(Want::link_abi)) {
      print_link_abi();
    } else if (wants(Want::license_file)) {
      for_packages([&](const Package& one) { line(one.id + ": " + text_of(one.license_file)); });
    } else if (wants(Want::source)) {
      for_packages([&](const Package& one) { line(one.id + ": " + text_of(one.source)); });
    } else if (wants(Want::uninstalled)) {
      out_.code = 1;
      for_packages([&](const Package& one) {
        if (one.uninstalled) out_.code = 0;
      });
    } else if (request_.env_prefix) {
      print_environment(*request_.env_prefix);
    } else {
      return false;
    }
    return true;
  }

  void many_answers() {
    const auto print = [&](bool wanted, auto&& text) {
      if (!wanted) return;
      forget_flags();
      text();
    };
    print(wants(Want::print_provides), [&] {
      for_solution([&](const Node& one) { out_.out += dependencies_text(one.package.provides); });
    });
    print(wants(Want::digraph), [&] { print_digraph(); });
    print(wants(Want::solution), [&] { out_.out += solution_text(graph_, rules(2)); });
    print(wants(Want::modversion), [&] { print_versions(); });
    print(wants(Want::path), [&] {
      for_solution([&](const Node& one) {
        if (!one.package.file.empty()) line(one.package.file);
      });
    });
    print(wants(Want::print_variables), [&] {
      for_solution([&](const Node& node) {
        for (const Variable& one : node.package.variables.all()) line(one.name);
      });
    });
    print(request_.variable.has_value(), [&] { print_variable(*request_.variable); });
    print(wants(Want::print_requires), [&] {
      for_solution([&](const Node& one) { out_.out += dependencies_text(one.required); });
    });
    print(wants(Want::print_requires_private), [&] {
      for_solution([&](const Node& one) { out_.out += dependencies_text(one.required_private); });
    });
    print(wants(Want::fragment_tree), [&] {
      Fragments all = cflags_of(graph_, settings_, search_private_);
      Fragments libs = libs_of(graph_, settings_, search_private_);
      std::ranges::move(libs, std::back_inserter(all));
      out_.out += fragment_tree_text(all);
    });
    if (wants_.cflags() || wants_.libs()) print_flags();
  }

  void print_flags() {
    if (wants_.cflags()) {
      out_.cflags = filtered_cflags();
      add_definitions(out_.cflags);
    }
    if (wants_.libs() && !wants(Want::statically)) search_private_ = false;
    if (wants_.libs()) out_.libs = filtered_libs();
    Fragments all = out_.cflags;
    all.insert(all.end(), out_.libs.begin(), out_.libs.end());
    line(flags_text(all));
  }

  [[nodiscard]] std::string flags_text(const Fragments& fragments) const {
    const char separator = wants(Want::newlines) ? '\n' : ' ';
    if (wants(Want::msvc_syntax)) return msvc_text(fragments, separator);
    return shell_text(fragments, separator, utf8_);
  }

  [[nodiscard]] bool passes_filter(const Fragment& one) const {
    if (!request_.fragment_filter) return true;
    return one.type != 0 && request_.fragment_filter->contains(one.type);
  }

  Fragments filtered_cflags() {
    Fragments out = cflags_of(graph_, settings_, search_private_);
    std::erase_if(out, [&](const Fragment& one) {
      if (!settings_.keep_system_cflags && is_system_folder(one, settings_)) return true;
      return !passes_filter(one) || !wants(one.type == 'I' ? Want::cflags_I : Want::cflags_other);
    });
    return out;
  }

  Fragments filtered_libs() {
    Fragments out = libs_of(graph_, settings_, search_private_);
    std::erase_if(out, [&](const Fragment& one) {
      if (!settings_.keep_system_libs && is_system_folder(one, settings_)) return true;
      Want kind = Want::libs_other;
      if (one.type == 'L') kind = Want::libs_L;
      if (one.type == 'l') kind = Want::libs_l;
      return !passes_filter(one) || !wants(kind);
    });
    return out;
  }

  // -DHAVE_MODULE for each module that was asked for.
  void add_definitions(Fragments& out) const {
    if (!wants(Want::exists_cflags)) return;
    for (const Edge& edge : graph_.solution()) {
      if ((edge.dependency.flags & Dependency::query) == 0) continue;
      const Package& package = edge.match->package;
      Fragment one;
      one.type = 'D';
      one.data = capital_name("HAVE_" + package.id);
      one.origin = {.module = package.id, .file = package.file, .field = "--exists-cflags"};
      out.insert(out.begin(), std::move(one));
    }
  }

  void print_environment(const std::string& prefix) {
    if (!std::ranges::all_of(prefix, [](char c) { return is_letter(c) || is_number(c); })) return;
    const auto print = [&](const std::string& name, const Fragments& flags) {
      if (!flags.empty()) line(prefix + name + "='" + flags_text(flags) + "'");
    };
    out_.cflags = filtered_cflags();
    add_definitions(out_.cflags);
    print("_CFLAGS", out_.cflags);
    out_.libs = filtered_libs();
    print("_LIBS", out_.libs);
    if (!wants(Want::print_variables) && !request_.variable) return;
    for (const Edge& edge : graph_.solution()) {
      if ((edge.dependency.flags & Dependency::query) == 0) continue;
      const Variables& variables = edge.match->package.variables;
      for (const Variable& one : variables.all()) {
        if (request_.variable && *request_.variable != one.name) continue;
        line(capital_name(prefix + "_" + one.name) + "='" +
             plain_value(one, variables, repository_.globals(), out_.problems) + "'");
      }
    }
  }

  void print_variable(const std::string& name) {
    std::string text;
    bool first = true;
    for_solution([&](const Node& node) {
      if (!std::exchange(first, false)) text += ' ';
      text += variable_value(name, node.package.variables, repository_.globals(), settings_.sysroot,
                             out_.problems);
    });
    line(text);
  }

  void print_versions() {
    for (const Dependency& query : queries_) {
      const auto& edges = graph_.solution();
      const auto found = std::ranges::find_if(
          edges, [&](const Edge& edge) { return edge.match->why == query.name; });
      if (found == edges.end() || !found->match->package.version) continue;
      const Package& package = found->match->package;
      line((request_.verbosity > 0 ? package.id + ": " : "") + std::string(package.version_text()));
    }
  }

  void print_digraph() {
    std::vector<std::string> ids;
    for (const Dependency& query : queries_) {
      const Node* node = repository_.find(query.name, out_.problems);
      ids.push_back(node == nullptr ? query.text() : node->package.id);
    }
    out_.out += digraph_text(graph_, ids, wants(Want::print_query_nodes), rules(2),
                             !settings_.merge_private);
  }

  void print_link_abi() {
    if (!wants(Want::statically)) search_private_ = false;
    std::vector<std::string> tags;
    graph_.walk(rules(2), [&](const Node& node) {
      if (!search_private_ && node.visited_private) return;
      for (const std::string& tag : node.package.link_abi) {
        if (std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
      }
    });
    line(join_path_list(tags, ' '));
  }

  template <class Visit>
  void for_solution(Visit visit) {
    for (const Edge& edge : graph_.solution()) visit(*edge.match);
  }

  template <class Visit>
  void for_packages(Visit visit) {
    graph_.walk(rules(2), [&](const Node& node) {
      if (!node.world) visit(node.package);
    });
  }

  static std::string text_of(const std::optional<Field>& field) {
    return field ? field->text : std::string();
  }

  void line(const std::string& text) { out_.out.append(text).append("\n"); }

  // Errors, and warnings when they were asked for, in front of what follows.
  void say_problems() {
    std::string text;
    const bool warnings = wants(Want::validate) || wants(Want::debug);
    for (; said_ < out_.problems.size(); ++said_) {
      const Problem& one = out_.problems[said_];
      if (one.error || warnings) text += one.text;
    }
    if (wants(Want::silence_errors)) text.clear();
    (wants(Want::errors_on_stdout) ? out_.out : out_.err) += text;
    out_.err += std::exchange(always_, {});
  }

  const Request& request_;
  const Settings& settings_;
  const Personality& personality_;
  Wants wants_;
  bool search_private_;
  std::size_t most_modules_;
  bool utf8_;
  Answer out_;
  Repository repository_;
  Graph graph_;
  Dependencies queries_;
  std::string always_;    // said whatever was asked for
  std::size_t said_ = 0;  // so many problems are told
};

}  // namespace

Answer answer(const Request& request, const Prepared& prepared, const Personality& personality,
              Files& files, bool utf8) {
  Session session(request, prepared, personality, files, utf8);
  Answer out = session.run();
  if (!prepared.warning.empty() &&
      (prepared.wants.has(Want::validate) || prepared.wants.has(Want::debug))) {
    out.err.insert(0, prepared.warning);
  }
  return out;
}

std::vector<Origin> origins_of(const std::string& flag, const Answer& answer) {
  std::vector<Origin> out;
  const auto add = [&](const Origin& one) {
    if (std::ranges::find(out, one) == out.end()) out.push_back(one);
  };
  const auto search = [&](const auto& self, const Fragments& list) -> void {
    for (const Fragment& one : list) {
      if (one.text() == flag || join_path_list(one.words(), ' ') == flag) {
        add(one.origin);
        for (const Origin& other : one.also) add(other);
      }
      self(self, one.children);
    }
  };
  search(search, answer.cflags);
  search(search, answer.libs);
  return out;
}

std::string origin_text(const Origin& origin) {
  const auto place = [](const std::string& file, std::size_t line, const std::string& field) {
    return file + ":" + std::to_string(line) + " " + field;
  };
  std::string out = place(origin.file, origin.line, origin.field);
  for (std::size_t i = 0; i < origin.path.size(); ++i) {
    const Step& step = origin.path[i];
    const std::string& needed =
        i + 1 < origin.path.size() ? origin.path[i + 1].module : origin.module;
    out += i == 0 ? ", because " : ", and ";
    out +=
        step.module + " requires " + needed + " (" + place(step.file, step.line, step.field) + ")";
  }
  return out;
}

}  // namespace tenon::pc
