/*
 * Starts the HTTP service of HL7's validator with the command line that fhir-validator-wrapper uses. Maven Central has the
 * validator as a library only; this is the small main class that its own distribution would bring.
 */
import java.util.Arrays;
import org.hl7.fhir.utilities.TimeTracker;
import org.hl7.fhir.utilities.VersionUtilities;
import org.hl7.fhir.validation.ValidationEngine;
import org.hl7.fhir.validation.http.FhirValidatorHttpService;
import org.hl7.fhir.validation.service.ValidationService;
import org.hl7.fhir.validation.service.SessionCache;
import org.hl7.fhir.validation.service.PassiveExpiringSessionCache;
import org.hl7.fhir.validation.service.model.InstanceValidatorParameters;
import org.hl7.fhir.validation.service.model.ValidationEngineParameters;

public final class Launcher {
  public static void main(String[] arguments) throws Exception {
    ValidationEngineParameters engine = new ValidationEngineParameters().setSv("4.0.1").setDisplayWarnings(false);
    int port = 0;
    for (int at = 0; at < arguments.length; at++) {
      switch (arguments[at]) {
        case "server" -> port = Integer.parseInt(arguments[++at]);
        case "-version" -> engine.setSv(arguments[++at]);
        case "-ig" -> engine.addIg(arguments[++at]);
        case "-tx" -> {
          String server = arguments[++at];
          engine.setTxServer("n/a".equals(server) ? null : server);
        }
        case "-txLog" -> engine.setTxLog(arguments[++at]);
        default -> throw new IllegalArgumentException("not known here: " + arguments[at]);
      }
    }
    System.out.println("FHIR Validation tool Version " + VersionOfJar.of(ValidationEngine.class));
    ValidationEngine ready = new ValidationService(new PassiveExpiringSessionCache()).initializeValidator(
        engine, new InstanceValidatorParameters(),
        VersionUtilities.packageForVersion(engine.getSv()) + "#" + VersionUtilities.getCurrentVersion(engine.getSv()),
        new TimeTracker(), Arrays.asList());
    new FhirValidatorHttpService(ready, false, port).startServer();
    System.out.println("listening on " + port);
    Thread.currentThread().join();
  }

  private static final class VersionOfJar {
    static String of(Class<?> type) {
      String path = type.getProtectionDomain().getCodeSource().getLocation().getPath();
      return path.replaceAll(".*validation-([0-9.]+)\\.jar$", "$1");
    }
  }
}
