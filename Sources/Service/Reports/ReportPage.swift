/// A report as one HTML page that needs nothing else.
public enum ReportPage {}
