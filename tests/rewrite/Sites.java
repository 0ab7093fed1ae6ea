// Lists what javac itself resolves to Log4j 1.2: one line "FILE LINE METHOD" for each call whose method belongs to a class
// of org.apache.log4j. usage: java Sites.java CLASSPATH FILE...
import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import javax.lang.model.element.*;
import javax.tools.*;

public class Sites {
  public static void main(String[] args) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager files = compiler.getStandardFileManager(d -> {}, Locale.ROOT, StandardCharsets.ISO_8859_1);
    List<String> paths = new ArrayList<>();
    for (String list : Arrays.asList(args).subList(1, args.length)) paths.addAll(Files.readAllLines(Path.of(list)));
    List<String> options = List.of("-proc:none", "-cp", args[0], "-sourcepath", "", "-Xmaxerrs", "1000000", "-XDshould-stop.ifError=FLOW");
    JavacTask task = (JavacTask) compiler.getTask(null, files, d -> {}, options, null, files.getJavaFileObjectsFromStrings(paths));
    Iterable<? extends CompilationUnitTree> units = task.parse();
    task.analyze();
    Trees trees = Trees.instance(task);
    for (CompilationUnitTree unit : units) {
      new TreePathScanner<Void, Void>() {
        @Override public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
          Element method = trees.getElement(new TreePath(getCurrentPath(), call.getMethodSelect()));
          if (method instanceof ExecutableElement && method.getEnclosingElement() instanceof TypeElement) {
            String owner = ((TypeElement) method.getEnclosingElement()).getQualifiedName().toString();
            if (owner.startsWith("org.apache.log4j.")) {
              ExpressionTree select = call.getMethodSelect();
              long at = trees.getSourcePositions().getStartPosition(unit, call);
              System.out.println(unit.getSourceFile().getName() + "\t" + unit.getLineMap().getLineNumber(at) + "\t" + at + "\t"
                  + owner.substring(17) + "." + method.getSimpleName());
            }
          }
          return super.visitMethodInvocation(call, nothing);
        }
      }.scan(unit, null);
    }
  }
}
