package org.concertina.report;

import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.concertina.record.RecordReader;
import org.concertina.record.Recorded;

/** Writes the report. */
public final class ReportPage {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1f2328;--paper:#fff;--line:#d0d7de;--mute:#59636e;--b:8,48,107}
      @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#14181d;--line:#3d444d;--mute:#9198a1;--b:110,170,255}}
      body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;
      max-width:60rem;padding:1rem}
      h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem;border-bottom:1px solid var(--line)}
      p.text{color:var(--mute)}
      img{max-width:100%;height:auto;display:block;margin:1rem 0}
      .scroll{overflow-x:auto}
      table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}
      th,td{text-align:left;padding:.2rem .6rem .2rem 0;border-bottom:1px solid var(--line);vertical-align:top}
      td:not(.long){white-space:nowrap}td.long{min-width:12rem}
      nav a{margin-right:1rem}a{color:inherit}
      summary{cursor:pointer;color:var(--mute)}
      .legend span{margin-right:1rem;white-space:nowrap;font-size:.85rem}
      .legend i{display:inline-block;width:.8rem;height:.8rem;margin-right:.3rem;border-radius:50%}
      .legend i.dashes{height:0;border-top:3px dashed;border-radius:0;background:none;width:1.4rem;vertical-align:middle}
      .maps{display:flex;flex-wrap:wrap;gap:1rem}
      figure{margin:0}figcaption{font-size:.85rem}
      div.map{display:grid;gap:1px;grid-auto-flow:column;width:max-content}
      .map i{width:13px;height:13px;background:rgba(128,128,128,.13)}
      .map .int2{background:rgba(var(--b),.2)}.map .int4{background:rgba(var(--b),.4)}
      .map .int8{background:rgba(var(--b),.65)}
      .map .fp32{background:rgb(var(--b))}.map .dropped{background:none}
      """;

  private static final String MAP_LEGEND =
      """
      <p class="legend"><span class="map"><i class="fp32"></i>fp32</span> \
      <span class="map"><i class="int8"></i>int8</span> \
      <span class="map"><i class="int4"></i>int4</span> \
      <span class="map"><i class="int2"></i>int2</span> \
      <span class="map"><i></i>not kept</span></p>
      """;

  private static final int LONG_CELL = 34;

  /** A longer table is folded up on the page. */
  private static final int OPEN_ROWS = 15;

  private final List<Section> sections;

  /** A report of the last result of every key. */
  public ReportPage(List<Recorded> records) {
    this.sections = new Sections(RecordReader.latest(records)).all();
  }

  /** Titles of the sections, in their order. */
  public List<String> titles() {
    return sections.stream().map(Section::title).toList();
  }

  /** One page that needs no other file and no network. */
  public String html() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
        .append("<title>Concertina: results</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>Concertina: results</h1>\n<nav>");
    for (int i = 0; i < sections.size(); i++) {
      page.append("<a href=\"#s%d\">%s</a> ".formatted(i, escape(sections.get(i).title())));
    }
    page.append("</nav>\n");
    for (int i = 0; i < sections.size(); i++) {
      append(page, sections.get(i), i);
    }
    return page.append("</body></html>\n").toString();
  }

  private static void append(StringBuilder page, Section section, int number) throws IOException {
    page.append("<h2 id=\"s%d\">%s</h2>\n".formatted(number, escape(section.title())));
    page.append("<p class=\"text\">%s</p>\n".formatted(escape(section.text())));
    for (Plot plot : section.plots()) {
      appendPlot(page, plot);
    }
    if (!section.maps().isEmpty()) {
      page.append(MAP_LEGEND).append("<div class=\"maps\">\n");
      section.maps().forEach(map -> appendMap(page, map));
      page.append("</div>\n");
    }
    section.tables().forEach(table -> appendTable(page, table));
  }

  private static void appendPlot(StringBuilder page, Plot plot) throws IOException {
    Optional<byte[]> light = PlotImages.png(plot, Theme.LIGHT, false);
    Optional<byte[]> dark = PlotImages.png(plot, Theme.DARK, false);
    if (light.isEmpty() || dark.isEmpty()) {
      page.append("<p>No plot: Java cannot draw text here; install fontconfig and a font.</p>\n");
      return;
    }
    page.append("<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"")
        .append(dataUri(dark.get()))
        .append("\"><img alt=\"")
        .append(escape(plot.title() + ": " + plot.yTitle() + " by " + plot.xTitle()))
        .append("\" src=\"")
        .append(dataUri(light.get()))
        .append("\"></picture>\n");
    if (plot.series().size() > 1) {
      page.append("<p class=\"legend\">");
      for (Plot.Series series : plot.series()) {
        page.append(
            "<span><i %s%s\"></i>%s</span> "
                .formatted(
                    series.isReference()
                        ? "class=\"dashes\" style=\"border-color:"
                        : "style=\"background:",
                    Theme.css(series.color()),
                    escape(series.name())));
      }
      page.append("</p>\n");
    }
  }

  private static String dataUri(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }

  private static void appendMap(StringBuilder page, Section.BlockMap map) {
    int blocks = map.groups().getFirst().indexOf(' ');
    page.append(
        "<figure><div class=\"map\" style=\"grid-template-rows:repeat(%d,13px)\">"
            .formatted(blocks));
    for (String group : map.groups()) {
      String precision = group.substring(blocks + 1);
      for (int n = 0; n < blocks; n++) {
        boolean shaded = group.charAt(n) == '1' || precision.equals("dropped");
        page.append(shaded ? "<i class=\"%s\"></i>".formatted(escape(precision)) : "<i></i>");
      }
    }
    page.append("</div><figcaption>%s</figcaption></figure>\n".formatted(escape(map.title())));
  }

  private static void appendTable(StringBuilder page, Section.Table table) {
    boolean folded = table.rows().size() > OPEN_ROWS;
    if (folded) {
      page.append("<details><summary>%d rows</summary>\n".formatted(table.rows().size()));
    }
    page.append("<div class=\"scroll\"><table><thead><tr>");
    table.head().forEach(cell -> page.append("<th>").append(escape(cell)).append("</th>"));
    page.append("</tr></thead><tbody>\n");
    for (List<String> row : table.rows()) {
      page.append("<tr>");
      for (String cell : row) {
        page.append(cell.length() > LONG_CELL ? "<td class=\"long\">" : "<td>")
            .append(escape(cell))
            .append("</td>");
      }
      page.append("</tr>\n");
    }
    page.append("</tbody></table></div>\n");
    if (folded) {
      page.append("</details>\n");
    }
  }

  /**
   * Every plot as PNG on light and on dark paper, by name of the file.
   *
   * @return nothing if this machine cannot draw text
   */
  public Optional<Map<String, byte[]>> pictures() throws IOException {
    Map<String, byte[]> pictures = new LinkedHashMap<>();
    for (Section section : sections) {
      for (Plot plot : section.plots()) {
        for (Theme theme : Theme.values()) {
          Optional<byte[]> png = PlotImages.png(plot, theme, plot.series().size() > 1);
          if (png.isEmpty()) {
            return Optional.empty();
          }
          String title =
              plot.title().startsWith(section.title())
                  ? plot.title()
                  : section.title() + " " + plot.title();
          String suffix = theme == Theme.LIGHT ? ".png" : "-dark.png";
          pictures.put(fileName(title) + suffix, png.get());
        }
      }
    }
    return Optional.of(pictures);
  }

  private static String fileName(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  /** The page's text and tables, without plots. */
  public String markdown() {
    StringBuilder text = new StringBuilder("# Concertina: results\n");
    for (Section section : sections) {
      text.append("\n## ")
          .append(section.title())
          .append("\n\n")
          .append(section.text())
          .append("\n");
      for (Section.BlockMap map : section.maps()) {
        text.append("\n- ")
            .append(map.title())
            .append(": ")
            .append(String.join(", ", map.groups()));
      }
      for (Section.Table table : section.tables()) {
        text.append("\n\n");
        appendLine(text, table.head());
        text.append("|---".repeat(table.head().size())).append("|\n");
        table.rows().forEach(row -> appendLine(text, row));
      }
    }
    return text.append("\n").toString();
  }

  private static void appendLine(StringBuilder text, List<String> cells) {
    cells.forEach(cell -> text.append("| ").append(cell.replace("|", "\\|")).append(' '));
    text.append("|\n");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
