import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * Lucene over the benchmark's records: `build cjk|words FILE INDEX` and `ask cjk|words INDEX`.
 *
 * Two indexing threads, a buffer of 512 MB, documents without stored text; searching uses two
 * threads. `cjk` reads JSON Lines with Lucene's own analyzer for Chinese; `words` reads lines of id,
 * title, abstract and claims, separated by tabs, that were cut already. Tasks come on standard
 * input, a line each: operator, limit, offset, terms, separated by tabs; milliseconds go out.
 */
public final class Lucene {
  private static final String[] FIELDS = {"ti", "ab", "cl"};
  private static final String[] COLUMNS = {"titles", "abstracts", "claims"};
  private static final int THREADS = 2;
  private static final String END = new String("end");

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("version")) {
      System.out.println(org.apache.lucene.util.Version.LATEST);
      return;
    }
    boolean isCjk = arguments[1].equals("cjk");
    Analyzer analyzer = isCjk ? new CJKAnalyzer() : new WhitespaceAnalyzer();
    if (arguments[0].equals("build")) {
      build(analyzer, isCjk, Path.of(arguments[2]), Path.of(arguments[3]));
    } else {
      ask(analyzer, Path.of(arguments[2]));
    }
  }

  private static void build(Analyzer analyzer, boolean isCjk, Path file, Path folder)
      throws Exception {
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setRAMBufferSizeMB(512);
    config.setUseCompoundFile(false);
    try (IndexWriter writer = new IndexWriter(new MMapDirectory(folder), config)) {
      BlockingQueue<List<String>> queue = new ArrayBlockingQueue<>(32);
      ExecutorService pool = Executors.newFixedThreadPool(THREADS);
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        futures.add(pool.submit(() -> work(writer, queue, isCjk)));
      }
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        List<String> batch = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          batch.add(line);
          if (batch.size() == 200) {
            queue.put(batch);
            batch = new ArrayList<>();
          }
        }
        queue.put(batch);
      }
      for (int i = 0; i < THREADS; i++) {
        queue.put(List.of(END));
      }
      for (Future<?> future : futures) {
        future.get();
      }
      pool.shutdown();
      writer.commit();
    }
  }

  private static Void work(IndexWriter writer, BlockingQueue<List<String>> queue, boolean isCjk)
      throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    while (true) {
      List<String> batch = queue.take();
      for (String line : batch) {
        if (line == END) {
          return null;
        }
        writer.addDocument(isCjk ? fromJson(mapper.readTree(line)) : fromWords(line));
      }
    }
  }

  private static Document fromJson(JsonNode record) {
    Document document = new Document();
    document.add(new StringField("id", record.get("id").asText(), Field.Store.YES));
    for (int i = 0; i < FIELDS.length; i++) {
      StringBuilder text = new StringBuilder();
      for (JsonNode passage : record.get(COLUMNS[i])) {
        text.append(passage.get("text").asText()).append('\n');
      }
      document.add(new TextField(FIELDS[i], text.toString(), Field.Store.NO));
    }
    return document;
  }

  private static Document fromWords(String line) {
    String[] parts = line.split("\t", -1);
    Document document = new Document();
    document.add(new StringField("id", parts[0], Field.Store.YES));
    for (int i = 0; i < FIELDS.length; i++) {
      document.add(new TextField(FIELDS[i], parts[i + 1], Field.Store.NO));
    }
    return document;
  }

  private static void ask(Analyzer analyzer, Path folder) throws Exception {
    List<String> tasks = new ArrayList<>();
    BufferedReader in =
        new BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      tasks.add(line);
    }
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (DirectoryReader reader = DirectoryReader.open(new MMapDirectory(folder))) {
      IndexSearcher searcher = new IndexSearcher(reader, pool);
      searcher.setQueryCache(null); // each question is a new one
      QueryBuilder builder = new QueryBuilder(analyzer);
      for (int round = 0; round < 4; round++) { // three to warm the virtual machine
        for (String task : tasks) {
          long begin = System.nanoTime();
          search(searcher, builder, task);
          if (round == 3) {
            out.println((System.nanoTime() - begin) / 1e6);
          }
        }
      }
    }
    out.flush();
    pool.shutdown();
  }

  private static int search(IndexSearcher searcher, QueryBuilder builder, String task)
      throws Exception {
    String[] parts = task.split("\t", -1);
    int limit = Integer.parseInt(parts[1]);
    int offset = Integer.parseInt(parts[2]);
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    BooleanClause.Occur occur =
        parts[0].equals("any") ? BooleanClause.Occur.SHOULD : BooleanClause.Occur.MUST;
    for (int i = 3; i < parts.length; i++) {
      BooleanQuery.Builder fields = new BooleanQuery.Builder();
      for (String field : FIELDS) {
        Query query = builder.createPhraseQuery(field, parts[i]);
        if (query != null) {
          fields.add(query, BooleanClause.Occur.SHOULD);
        }
      }
      all.add(fields.build(), occur);
    }
    TopDocs found = searcher.search(all.build(), offset + limit);
    var stored = searcher.storedFields();
    int read = 0;
    for (int i = offset; i < found.scoreDocs.length; i++) {
      ScoreDoc hit = found.scoreDocs[i];
      read += stored.document(hit.doc).get("id").length();
    }
    return read;
  }
}
