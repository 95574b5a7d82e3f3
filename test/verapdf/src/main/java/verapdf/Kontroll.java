package verapdf;

import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/**
 * Judges each PDF given as an argument by veraPDF's profile PDF/UA-1. One line per file: "OK path", or "FEIL path" followed by
 * one indented line per broken rule (clause, test number, what it says, where). Exit 1 when any file fails.
 */
public final class Kontroll {
  public static void main(String[] filer) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    var verksted = Foundries.defaultInstance();
    boolean feil = false;
    for (String fil : filer) {
      try (var inn = new FileInputStream(fil);
          var parser = verksted.createParser(inn, PDFAFlavour.PDFUA_1);
          var dommer = verksted.createValidator(PDFAFlavour.PDFUA_1, false)) {
        var dom = dommer.validate(parser);
        System.out.println((dom.isCompliant() ? "OK " : "FEIL ") + fil + " (" + dom.getTotalAssertions() + " checks)");
        feil |= !dom.isCompliant();
        for (TestAssertion a : dom.getTestAssertions()) {
          if (a.getStatus() == TestAssertion.Status.FAILED) {
            System.out.println("  " + a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber() + " "
                + a.getMessage() + " @ " + a.getLocation().getContext());
          }
        }
      }
    }
    System.exit(feil ? 1 : 0);
  }
}
