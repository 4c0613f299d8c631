import jakarta.el.ELContext;
import jakarta.el.ELProcessor;
import jakarta.el.ELResolver;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluates an expression per line and prints what it gives, as JSON or the word error. */
public class Evaluate {
    public static void main(String[] arguments) throws Exception {
        ELProcessor processor = new ELProcessor();
        variables().forEach(processor::defineBean);
        processor.getELManager().addELResolver(new Nothing());
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String said;
            try {
                said = shown(processor.eval(line));
            } catch (RuntimeException | StackOverflowError problem) {
                said = "error";
            }
            out.println(said);
        }
    }

    /** A variable that is there and null; one that is missing is an error. */
    private static class Nothing extends ELResolver {
        @Override
        public Object getValue(ELContext context, Object base, Object property) {
            context.setPropertyResolved(base == null && "none".equals(property));
            return null;
        }

        @Override
        public Class<?> getType(ELContext context, Object base, Object property) {
            return null;
        }

        @Override
        public void setValue(ELContext context, Object base, Object property, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isReadOnly(ELContext context, Object base, Object property) {
            return true;
        }

        @Override
        public Class<?> getCommonPropertyType(ELContext context, Object base) {
            return null;
        }
    }

    private static Map<String, Object> variables() {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("x", 5L);
        found.put("y", 2L);
        found.put("neg", -7L);
        found.put("half", 2.5);
        found.put("minus", -2.5);
        found.put("digits", "12");
        found.put("word", "abc");
        found.put("pad", " \t Ada\u000b\n ");
        found.put("code", "AB12");
        found.put("lines", "a\nb");
        found.put("blank", "");
        found.put("ok", true);
        found.put("no", false);
        found.put("yes", "true");
        found.put("names", List.of("a", "b"));
        found.put("nothing", List.of());
        found.put("order", Map.of("id", 7L, "total", 4.5));
        found.put("hollow", Map.of());
        return found;
    }

    private static String shown(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Number) {
            return String.valueOf(value);
        }
        if (value instanceof List<?> list) {
            return Arrays.toString(list.stream().map(Evaluate::shown).toArray());
        }
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? "{}" : "error";
        }
        StringBuilder text = new StringBuilder("\"");
        for (char one : value.toString().toCharArray()) {
            text.append(one < ' ' || one == '"' || one == '\\' ? String.format("\\u%04x", (int) one) : String.valueOf(one));
        }
        return text.append('"').toString();
    }
}
