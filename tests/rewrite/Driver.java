import java.util.*;
import org.apache.log4j.*;

/** Calls of Log4j in every form that the pack rewrites. What is printed must stay, but for the name of the level FATAL. */
public class Driver {
  private static final Logger LOG = Logger.getLogger(Driver.class);
  private static final Category OLD = Category.getInstance("old");
  private final org.apache.log4j.Logger full = org.apache.log4j.Logger.getLogger("full.name");

  static class Odd {
    @Override public String toString() { return "odd {} \"quoted\" 'and' %s \\ end"; }
  }

  static class Base {
    protected final Logger inherited = Logger.getLogger(getClass());
    protected Logger log() { return inherited; }
  }

  static class Heir extends Base {
    void run(Object o) {
      inherited.fatal(o);
      log().warn(o);
      this.inherited.info("own " + o);
    }
  }

  void run() {
    Object odd = new Odd(), none = null;
    String text = "text {}", nothing = null;
    Throwable problem = new IllegalStateException("state {}");
    Throwable plain = new Throwable();
    char[] letters = {'a', 'b'};
    int number = 7;
    LOG.trace(odd);
    LOG.debug(text);
    LOG.info(nothing);
    LOG.info(none);
    LOG.info(null);
    LOG.warn(problem);
    LOG.error(plain);
    LOG.error(problem, problem);
    LOG.error(text, problem);
    LOG.error(odd, plain);
    LOG.warn("null behind", null);
    LOG.fatal("fatal");
    LOG.fatal(problem);
    LOG.fatal("fatal with", problem);
    LOG.info(number);
    LOG.info(number + 1);
    LOG.info(number + "1");
    LOG.info("" + number + odd + null);
    LOG.info(letters.length);
    LOG.info(Arrays.asList("a", "b", odd));
    LOG.info(new StringBuilder("built {}"));
    LOG.info(true ? text : nothing);
    LOG.info(number > 3 ? odd : text);
    LOG.info((Object) text);
    LOG.info((String) none);
    LOG.info(String.format("%s-%d", text, number));
    LOG.info(odd.toString());
    LOG.info(problem.getMessage());
    LOG.info(problem.getClass());
    LOG.info(Collections.emptyMap());
    LOG.info("tab\tquote\"back\\slash");
    LOG.log(Level.WARN, odd);
    LOG.log(Priority.ERROR, "by level", problem);
    LOG.log(Level.FATAL, text);
    if (LOG.isEnabledFor(Level.WARN)) OLD.fatal(odd);
    if (OLD.isEnabledFor(Priority.FATAL)) OLD.info(none);
    if (LOG.isDebugEnabled() && LOG.isTraceEnabled() && LOG.isInfoEnabled()) full.debug(odd);
    full.fatal(LOG.getName());
    Logger.getLogger("static").error(odd);
    Logger.getRootLogger().info("root {}");
    for (Logger one : new Logger[] {LOG, full}) one.fatal(one.getName());
    Map<String, Logger> all = new HashMap<>();
    all.put("k", LOG);
    all.get("k").fatal(text);
    Runnable later = () -> LOG.fatal(odd);
    later.run();
    new Heir().run(odd);
    try {
      throw new Exception("thrown");
    } catch (Exception e) {
      LOG.error(e);
      LOG.error("caught: " + e, e);
    }
  }

  public static void main(String[] args) {
    new Driver().run();
  }
}
